"""The drawings follow from the data, and the docs show the present ones."""

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from pilotkit import resources
from pilotkit.domain.process import Process
from pilotkit.domain.text import Message, Text
from pilotkit.process.diagram import english, mermaid, svg
from pilotkit.process.load import load, parse
from pilotkit.process.page import document, in_page

ROOT = Path(__file__).parents[3]
FILES = [resources.processes() / "standard.toml", ROOT / "tests" / "data" / "processes" / "two-trials.toml"]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def process(request: pytest.FixtureRequest) -> Process:
    return load(request.param)


def test_the_docs_show_the_standard_process() -> None:
    process, page = load(FILES[0]), (ROOT / "docs" / "process.md").read_text(encoding="utf-8")
    assert page == in_page(page, process), "run make generated"
    assert (ROOT / "docs" / "process.svg").read_text(encoding="utf-8") == svg(process, english), "run make generated"


def test_the_picture_shows_every_stage_and_every_gate(process: Process) -> None:
    root = ET.fromstring(svg(process, english))
    texts = [element.text or "" for element in root.iter(f"{SVG}text")]
    for stage in process.stages:
        assert english(stage.title) in texts
        assert str(len(stage.gate.criteria)) in texts
    assert len(root.findall(f"{SVG}path[@class='gate']")) == len(process.stages) + 1  # and one in the legend


def test_the_picture_is_told_to_those_who_do_not_see_it(process: Process) -> None:
    root = ET.fromstring(svg(process, english))
    assert [child.tag for child in root[:2]] == [f"{SVG}title", f"{SVG}desc"]
    assert all(english(stage.title) in (root[1].text or "") for stage in process.stages)


def test_the_same_process_gives_the_same_bytes(process: Process) -> None:
    assert svg(process, english) == svg(process, english)
    assert document(process) == document(process)


def test_every_word_can_be_said_in_another_language(process: Process) -> None:
    def shouted(text: Text | Message) -> str:
        return english(text).upper()

    root = ET.fromstring(svg(process, shouted))
    words = " ".join(element.text or "" for element in root.iter(f"{SVG}text"))
    assert words == words.upper()
    labels = " ".join(re.findall(r'"(.*?)"', mermaid(process, shouted))).replace("<br/>", "")
    assert labels == labels.upper()


def test_mermaid_leads_from_gate_to_gate(process: Process) -> None:
    drawn = mermaid(process, english)
    for number in range(1, len(process.stages)):
        assert f'g{number} -->|"go / conditional go"| s{number + 1}' in drawn
    assert f'g{len(process.stages)} -->|"go"| published' in drawn


def test_wild_titles_break_nothing() -> None:
    text = FILES[0].read_text(encoding="utf-8")
    wild = 'x"]|{<b>&amp; ```\\n`end` #1; an endless title with very many words'
    process = parse(text.replace('title = "Idea"', f"title = '{wild}'"), source="")
    ET.fromstring(svg(process, english))
    first = mermaid(process, english).splitlines()[1]
    assert re.fullmatch(r' {4}s1\["[^"\[\]{}|`]*"\]', first), first
    assert len(re.findall("^```", document(process), re.MULTILINE)) == 2
