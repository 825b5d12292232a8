from datetime import UTC, datetime
from types import SimpleNamespace as Facts

import pytest
from jinja2 import UndefinedError

from pilotkit.documents.environment import Reader, css_string, environment
from pilotkit.domain.text import message

GERMAN = Reader(language="de", main="sl", zone="Europe/Ljubljana")


def printed(template: str, reader: Reader = GERMAN, **view: object) -> str:
    return environment(reader).from_string(template).render(**view)


def test_what_a_template_misspells_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        printed("{{ pilot.titel }}", pilot=Facts(title="x"))


def test_what_users_write_is_escaped_in_messages_and_texts_alike() -> None:
    attack = "<b>&"
    assert printed('{{ _("Use one of {languages}.", languages=x) }}', x=attack) == "Verfügbar sind: &lt;b&gt;&amp;."
    assert printed("{{ x | texts }}", x={"de": attack}) == "&lt;b&gt;&amp;"
    assert "&lt;b&gt;" in printed("{{ x | markdown }}", x={"de": attack})


def test_a_text_in_another_language_is_marked_and_a_passage_says_so() -> None:
    assert printed("{{ x | texts }}", x={"de": "Idee", "sl": "ideja"}) == "Idee"
    assert printed("{{ x | texts }}", x={"sl": "ideja"}) == '<span lang="sl">ideja</span>'
    passage = printed("{{ x | markdown }}", x={"sl": "ideja"})
    assert '<div lang="sl"><p>ideja</p>' in passage
    assert "Slowenisch" in passage


def test_the_same_template_speaks_each_readers_language() -> None:
    template = '{{ "test site" | word }} {{ 0.5 | percent }} {{ x | say }}'
    said = {"de": "Testumgebung 50\xa0% heute", "sl": "testno okolje 50\xa0% danes"}
    for language, expected in said.items():
        assert printed(template, Reader(language=language), x=message("Today")).lower() == expected.lower()


def test_days_are_those_of_the_programmes_zone() -> None:
    assert printed("{{ at | day }}", at=datetime(2026, 5, 3, 22, 30, tzinfo=UTC)) == "4. Mai 2026"


def test_sorting_is_that_of_the_language() -> None:
    names = [Facts(name="Žalec"), Facts(name="Zagorje"), Facts(name="Črna"), Facts(name="Celje")]
    template = "{% for one in names | collated('name') %}{{ one.name }} {% endfor %}"
    assert printed(template, Reader(language="sl"), names=names) == "Celje Črna Zagorje Žalec "


def test_nothing_ends_a_string_of_css() -> None:
    assert css_string('a"; } </style>\\\n') == r'"a\22 \3b  \7d  \3c \2f style\3e \5c \a "'
