"""Typeset documents keep both standards, say what was written, and are the same bytes every time."""

import re
from pathlib import Path

import pikepdf
import pydyf
import pytest

from pilotkit.documents.finish import mend_page_references
from pilotkit.documents.typesetting import Typesetter
from tests import pdf
from tests.integration.documents.samples import CHART, TEXTS, page, sheet, three_pages, with_data


@pytest.mark.parametrize("language", TEXTS)
def test_a_document_is_sound_in_every_language(typesetter: Typesetter, language: str) -> None:
    typeset = typesetter.typeset(with_data(three_pages(language)))

    assert pdf.faults(typeset.pdf) == []
    assert typeset.refused == ()
    texts = pdf.pages(typeset.pdf)
    assert typeset.pages == len(texts) >= 3
    for number, text in enumerate(texts, 1):
        assert re.search(rf"\b{number} ?/ ?{typeset.pages}\s*$", text)
        assert TEXTS[language][0] in text
    assert TEXTS[language][1] in texts[-1]
    assert TEXTS[language][2] in texts[0]


def test_the_file_tells_language_title_date_and_both_standards(typesetter: Typesetter, tmp_path: Path) -> None:
    path = tmp_path / "plan.pdf"
    path.write_bytes(typesetter.typeset(with_data(three_pages("sl"))).pdf)

    with pikepdf.open(path) as document:
        assert document.Root.Lang == "sl"
        assert document.docinfo.Title == "Akcijski načrt"
        assert document.docinfo.CreationDate == document.docinfo.ModDate == "D:20260302093000Z"
        assert document.trailer.ID[0] == "P-012/action-plan.sl"
        with document.open_metadata() as metadata:
            assert metadata.pdfa_status == "3A"
            assert metadata["pdfuaid:part"] == "1"
        attached = document.Root.AF
        assert [item.AFRelationship for item in attached] == ["/Data"]
        assert attached[0].EF.F.Subtype == "/application/json"
        assert attached[0].EF.F.Params.ModDate == "D:20260302093000Z"
        assert attached[0].Desc == "The printed data"
    assert pdf.embedded(path.read_bytes()) == {"plan.json": b'{"pilot": "P-012"}'}


def test_same_input_same_bytes_in_two_processes_and_two_runs() -> None:
    wanted = with_data(three_pages("de"))
    other = sheet(three_pages("bg"), identifier="other")

    def run() -> list[bytes]:
        with Typesetter(processes=1, seconds=60, megabytes=1000) as pool:
            first = pool.typeset(wanted).pdf
            pool.typeset(other)
            return [first, pool.typeset(wanted).pdf]

    assert len({*run(), *run()}) == 1


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        (page("<h1>No title</h1>", title=""), "no title"),
        (page(f"<h1>No alternative</h1>{CHART.replace('title>', 'desc>')}"), "Figure without alternative text"),
        (page("<h1>One</h1><h3>Three</h3>"), "a heading of level 3 follows one of level 1"),
        (page("<h1>Whose language?</h1>").replace(' lang="en"', ""), "no language"),
    ],
)
def test_the_checks_find_what_is_broken(typesetter: Typesetter, html: str, fault: str) -> None:
    typeset = typesetter.typeset(sheet(html))

    assert any(fault in found for found in pdf.structure_faults(typeset.pdf))
    assert pdf.violations(typeset.pdf), "veraPDF should have found it, too"


def test_signs_before_any_kind_of_space_are_drawn(typesetter: Typesetter) -> None:
    spaces = " \u00a0\u2002\u2003\u2009\u200a\u202f\u200b\u2060\u00ad\t\n"
    html = page(
        "".join(f"<p>✓{space}x →{space}x ≥{space}<b>ž ◑{space}</b></p><pre>■{space}■</pre>" for space in spaces)
    )

    typeset = typesetter.typeset(sheet(html))

    assert pdf.faults(typeset.pdf) == []
    assert typeset.refused == ()


def test_a_character_that_no_font_draws_is_replaced_and_reported(typesetter: Typesetter) -> None:
    typeset = typesetter.typeset(sheet(page("<h1>Smile 😀, 漢, ❤\ufe0f, NUL \0, tail</h1>", title="Smile 😀")))

    assert typeset.refused == ("漢", "😀")
    assert pdf.faults(typeset.pdf) == []
    assert "Smile �, �, ❤, NUL �, tail" in pdf.pages(typeset.pdf)[0]


def test_ids_in_files_of_two_documents_do_not_meet(typesetter: Typesetter, tmp_path: Path) -> None:
    def ids(identifier: str) -> set[bytes]:
        path = tmp_path / identifier
        path.write_bytes(typesetter.typeset(sheet(three_pages("en"), identifier=identifier)).pdf)
        with pikepdf.open(path) as document:
            return {bytes(name) for kid in document.Root.StructTreeRoot.IDTree.Kids for name in list(kid.Names)[::2]}

    one, two = ids("one"), ids("two")
    assert one
    assert two
    assert one.isdisjoint(two)


def test_fonts_of_the_machine_are_not_used(typesetter: Typesetter, tmp_path: Path) -> None:
    path = tmp_path / "fonts.pdf"
    html = page("<h1>Plain</h1><p>Text</p>", style="body { font-family: 'DejaVu Serif', Georgia, serif }")
    path.write_bytes(typesetter.typeset(sheet(html)).pdf)

    with pikepdf.open(path) as document:
        names = {str(font.BaseFont).partition("+")[2] for font in document.pages[0].Resources.Font.values()}
    assert all(name.startswith("Noto-Sans") for name in names)


def test_pydyf_still_needs_mending() -> None:
    """When this fails, pydyf keeps its page references itself: remove mend_page_references()."""
    probe = pydyf.PDF()
    probe.add_page(pydyf.Dictionary())
    assert probe.page_references is not probe.page_references


def test_mended_page_references_follow_new_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pydyf.PDF, "page_references", pydyf.PDF.page_references)
    assert mend_page_references()
    assert not mend_page_references()

    one, two = pydyf.PDF(), pydyf.PDF()
    for _ in range(3):
        one.add_page(pydyf.Dictionary())
        assert one.page_references[-1] == one.objects[-1].reference
    assert one.page_references is one.page_references
    assert len(one.page_references) == 3
    assert two.page_references == ()
