from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pilotkit import resources
from pilotkit.domain.errors import Invalid
from pilotkit.domain.text import message
from pilotkit.i18n import catalogs
from pilotkit.i18n.compiled import compiled

HEADER = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    '"Plural-Forms: nplurals=4; plural=(n%100==1 ? 0 : n%100==2 ? 1 : n%100==3 || n%100==4 ? 2 : 3);\\n"\n\n'
)
WORDS = """msgid "The pilot {code} is {state}."
msgstr "Pilot {code}: {state}."

msgid "late"
msgstr "zamuja"

msgid "{number} pilot"
msgid_plural "{number} pilots"
msgstr[0] "{number} pilot"
msgstr[1] "{number} pilota"
msgstr[2] "{number} piloti"
msgstr[3] "{number} pilotov"

#, fuzzy
msgid "Guessed"
msgstr "Ugibano"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder of catalogs, with the caches emptied before and after."""
    monkeypatch.setattr(resources, "locales", lambda: tmp_path)
    for cached in (catalogs.languages, catalogs.catalog):
        cached.cache_clear()
    yield tmp_path
    for cached in (catalogs.languages, catalogs.catalog):
        cached.cache_clear()


def write(folder: Path, language: str, words: str) -> Path:
    source = folder / language / "LC_MESSAGES" / "pilotkit.po"
    source.parent.mkdir(parents=True)
    source.write_text(HEADER + words)
    return source


def test_a_folder_is_all_that_a_language_needs(folder: Path) -> None:
    assert catalogs.languages() == ("en",)
    write(folder, "sl", WORDS)
    catalogs.languages.cache_clear()
    assert catalogs.languages() == ("en", "sl")
    assert catalogs.catalog("sl").say("late") == "zamuja"


def test_an_unknown_language_is_refused_with_those_that_are_there(folder: Path) -> None:
    write(folder, "sl", WORDS)
    with pytest.raises(Invalid, match="no catalog for the language xx") as caught:
        catalogs.catalog("xx")
    assert "sl" in catalogs.catalog("en").say(caught.value.remedy or "")


def test_messages_are_translated_and_then_filled_messages_inside_included(folder: Path) -> None:
    write(folder, "sl", WORDS)
    sentence = message("The pilot {code} is {state}.", code="P-{1}", state=message("late"))
    assert catalogs.catalog("sl").say(sentence) == "Pilot P-{1}: zamuja."
    assert catalogs.catalog("en").say(sentence) == "The pilot P-{1} is late."


def test_a_programmes_own_wording_falls_back_to_its_main_language(folder: Path) -> None:
    write(folder, "sl", WORDS)
    wording = {"de": "Idee", "sv": "idé"}
    assert catalogs.catalog("sl").say(wording, main="sv") == "idé"
    assert catalogs.catalog("sl").say(message("{what}", what=wording), main="de") == "Idee"


def test_values_are_written_as_the_language_writes_them(folder: Path) -> None:
    write(folder, "de", "")
    values = message("{day} {share} {both} {at}", day=date(2026, 5, 3), share=Decimal("1234.5"), both=("a", "b"),
                     at=datetime(2026, 5, 3, 12, 5, tzinfo=UTC))  # fmt: skip
    assert catalogs.catalog("de").say(values) == "3. Mai 2026 1.234,5 a und b 3. Mai 2026, 12:05 UTC"


@pytest.mark.parametrize(
    ("number", "written"),
    [(1, "1 pilot"), (2, "2 pilota"), (3, "3 piloti"), (5, "5 pilotov"), (101, "101 pilot"), (0, "0 pilotov")],
)
def test_plural_forms_are_those_of_the_language(folder: Path, number: int, written: str) -> None:
    write(folder, "sl", WORDS)
    assert catalogs.catalog("sl").plural("{number} pilot", "{number} pilots", number) == written


def test_fuzzy_strings_stay_english_and_empty_ones_do_not_show_the_header(folder: Path) -> None:
    write(folder, "sl", WORDS)
    assert catalogs.catalog("sl").say("Guessed") == "Guessed"
    assert not catalogs.catalog("sl").say("")


def test_a_compiled_catalog_is_used_only_when_it_was_made_from_the_source(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = write(folder, "sl", WORDS)
    marked = source.read_bytes().replace(b"zamuja", b"zamujeno")
    source.with_suffix(".mo").write_bytes(compiled(marked, "sl"))
    assert catalogs.catalog("sl").say("late") == "zamuja"
    catalogs.catalog.cache_clear()
    source.write_bytes(marked)
    monkeypatch.setattr(catalogs, "compiled", None)
    assert catalogs.catalog("sl").say("late") == "zamujeno"


def test_the_alphabet_is_the_catalogs(folder: Path) -> None:
    assert catalogs.catalog("en").alphabet.startswith("abc")
