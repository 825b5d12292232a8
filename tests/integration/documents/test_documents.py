"""Every document in every language, typeset: sound for both standards, facts attached, same facts same bytes."""

import json
import re
import subprocess
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pilotkit.documents.press import PrintingPress, html
from pilotkit.documents.store import DocumentStore
from pilotkit.documents.typesetting import Typesetter
from pilotkit.domain.ports import Draft, Press
from pilotkit.domain.words import word
from pilotkit.i18n.catalogs import catalog
from tests import pdf
from tests.factories import dossiers

SAMPLE = [
    ("action-plan", "P-003", "", "sl"),
    ("handbook-entry", "P-004", "", "de"),
    ("project-sheet", "P-006", "", "en"),
    ("evaluation-report", "P-002", "evaluation.1", "de"),
    ("gate-record", "P-003", "2", "en"),
    ("trial-report", "P-003", "trial.1", "sl"),
    ("handbook-public", "", "", "sl"),
    ("action-plan-area", "digital", "", "de"),
]
"""Each document once: a draft or not, with fallbacks, crowded."""

_EACH_PILOT = ("action-plan", "handbook-entry", "project-sheet")
_MATRIX = [
    *((key, code, "") for key in _EACH_PILOT for code in ("P-001", "P-003", "P-005", "P-006", "P-007")),
    ("evaluation-report", "P-003", ""),
    *(("gate-record", code, number) for code, number in (("P-004", "5"), ("P-005", "3"), ("P-006", "1"))),
    ("trial-report", "P-005", ""),
    *((key, "", "") for key in ("handbook-public", "handbook-draft", "action-plan-programme")),
    *(("action-plan-area", area.key, "") for area in dossiers.AREAS),
]
REST = [(*case, language) for case in _MATRIX for language in dossiers.LANGUAGES]
"""Every document in every language, of pilots that have nothing, everything, too much, or another language."""

SHAPING = {"accent", "language", "what", "measure", "direction", "majority", "note", "kind", "edition"}
"""Fields that shape the pages or choose a sentence: a colour, a language, how a figure is written, "at least"."""


@pytest.fixture(scope="module")
def press(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrintingPress]:
    with Typesetter(processes=1, seconds=120, megabytes=1500) as typesetter:
        yield PrintingPress(typesetter, DocumentStore(tmp_path_factory.mktemp("store")))


def draft(press: PrintingPress, key: str, code: str, subject: str, language: str) -> Draft:
    if key.startswith(("handbook-public", "handbook-draft", "action-plan-")):
        return press.draft_book(dossiers.portfolio(code), key=key, language=language)  # type: ignore[arg-type]
    return press.draft(dossiers.dossier(code), key=key, language=language, subject=subject)


def typeset(press: PrintingPress, made: Draft) -> bytes:
    printed = press.print(made, version=3, created=dossiers.CHANGED, shelf=f"test/{made.key}.{made.language}.pdf")
    assert printed.pages
    return press._store.path(printed.sha256).read_bytes()


@pytest.mark.parametrize(("key", "code", "subject", "language"), SAMPLE)
def test_documents_are_sound(press: PrintingPress, key: str, code: str, subject: str, language: str) -> None:
    check(press, draft(press, key, code, subject, language))


@pytest.mark.full
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("key", "code", "subject", "language"), REST)
def test_every_document_is_sound(press: PrintingPress, key: str, code: str, subject: str, language: str) -> None:
    check(press, draft(press, key, code, subject, language))


def check(press: PrintingPress, made: Draft) -> None:
    file = typeset(press, made)
    assert pdf.faults(file) == []
    texts = pdf.pages(file)
    assert all(len(text.split()) > 5 for text in texts)
    notice = catalog(made.language).translate("Invented example: no real people, organisations or figures.")
    assert all(notice in " ".join(text.split()) for text in texts)
    attached = pdf.embedded(file)
    assert attached == {f"{made.key}.{made.language}.json": made.content.encode()}
    assert unprinted(made, file) == []


def unprinted(made: Draft, file: bytes) -> list[str]:
    """Texts of the attachment that no page shows; a word of a closed set is looked for in the document's language."""
    run = subprocess.run(["pdftotext", "-", "-"], input=file, capture_output=True, check=True, timeout=60)
    text = run.stdout.decode()
    seen = words(text) | words(re.sub(r"[-\u00ad\u2010]\n", "", text))
    said = catalog(made.language)
    return [
        leaf
        for leaf in leaves(json.loads(made.content))
        if not (words(leaf) <= seen or words(said.say(word(leaf))) <= seen)
    ]


def leaves(node: Any, key: str = "") -> Iterator[str]:
    if isinstance(node, dict):
        for name, part in node.items():
            yield from leaves(part, name)
    elif isinstance(node, list):
        for part in node:
            yield from leaves(part, key)
    elif (
        isinstance(node, str)
        and key not in SHAPING | {"checksum"}
        and not re.fullmatch(r"[\d.:TZ+-]*|[A-Z]{2,3}", node)
    ):
        yield node  # neither numbers and dates, which languages write differently, nor codes of countries


def words(text: str) -> set[str]:
    """The words of a text that are long enough to mean something and short enough to stand in one line."""
    plain = unicodedata.normalize("NFKC", text.casefold())
    return {found for found in re.findall(r"[^\W\d_]+", plain) if 3 < len(found) < 30}


def test_a_gate_record_prints_one_id_and_one_checksum_in_every_language(press: PrintingPress) -> None:
    found = set()
    for language in dossiers.LANGUAGES:
        made = draft(press, "gate-record", "P-003", "2", language)
        text = re.sub(r"\s", "", "".join(pdf.pages(typeset(press, made))))
        record, checksum = (json.loads(made.content)[key] for key in ("record", "checksum"))
        assert record in text
        assert checksum[:8] in text
        assert checksum[-8:] in text
        found.add((record, checksum))
    assert len(found) == 1


def test_the_press_is_what_the_services_expect(press: PrintingPress) -> None:
    expected: Press = press  # the type checker compares the signatures
    assert expected.has("0" * 64) is False


def test_the_same_facts_give_the_same_bytes(press: PrintingPress, tmp_path: Path) -> None:
    made = draft(press, "gate-record", "P-003", "2", "sl")
    again = draft(press, "gate-record", "P-003", "2", "sl")
    with Typesetter(processes=1, seconds=60, megabytes=1500) as other:
        elsewhere = PrintingPress(other, DocumentStore(tmp_path))
        second = elsewhere.print(again, version=1, created=dossiers.CHANGED, shelf="a.pdf")

    first = press.print(made, version=1, created=dossiers.CHANGED, shelf="b.pdf")

    assert made == again
    assert first == second
    assert press.has(first.sha256)


def test_a_public_entry_holds_no_votes_no_people_and_no_evidence(press: PrintingPress) -> None:
    made = draft(press, "handbook-entry", "P-004", "", "en")

    data = json.loads(made.content)
    assert "votes" not in made.content
    assert "Minutes of the lab" not in made.content
    assert not [person.name for person in dossiers.PROGRAMME.people if person.name in made.content]
    assert data["entry"]["trials"][0]["results"][0]["latest"]["part"] == "<5"


def test_a_passage_in_another_language_is_marked(press: PrintingPress) -> None:
    page = html(draft(press, "handbook-entry", "P-007", "", "de"), version=1, created=dossiers.CHANGED)

    assert '<div lang="sl"><p>Pogovor pride prepozno ali sploh ne.</p>' in page.replace("\n", "")
    assert '<span lang="sl">Pogovori o koncu življenja</span>' in page


def test_the_sheet_is_one_page_however_long_the_facts(press: PrintingPress) -> None:
    long = dict.fromkeys(dossiers.LANGUAGES, "A sentence that is neither short nor long, but there. " * 60)
    crowded = dossiers.dossier("P-006").pilot
    pilot = replace(crowded, summary=long, problem=long, approach=long, passes=(*crowded.passes, dossiers.trial_pass()))
    made = press.draft(dossiers.dossier_of(pilot), key="project-sheet", language="de")

    assert press.print(made, version=1, created=dossiers.CHANGED, shelf="long.pdf").pages == 1


def test_html_of_users_does_not_get_through(press: PrintingPress) -> None:
    evil = {"en": 'Look <img src="http://example.org/x.png"> **here** <script>alert(1)</script>'}
    pilot = replace(dossiers.dossier("P-003").pilot, problem=evil, title={"en": "<b>Bold</b> & more"})
    page = html(
        press.draft(dossiers.dossier_of(pilot), key="handbook-entry", language="en"),
        version=1,
        created=dossiers.CHANGED,
    )

    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; more" in page
