"""The specimen of every part and chart, typeset in every language and held against both standards."""

import re
from datetime import UTC, datetime

import pytest

from pilotkit.documents.typesetting import Sheet, Typesetter
from pilotkit.domain.text import message
from tests.pdf import faults, pages
from tests.unit.documents.specimen import specimen

EXAMPLE = {"en": "Invented example", "sl": "Izmišljen primer", "de": "Erfundenes Beispiel"}


@pytest.mark.parametrize("cover", [False, True], ids=["sheet", "book"])
@pytest.mark.parametrize("language", ["en", "sl", "de"])
def test_the_specimen_is_sound_in_every_language(typesetter: Typesetter, language: str, cover: bool) -> None:
    html = specimen(language, cover=cover)
    sheet = Sheet(label=message("Specimen"), html=html, identifier="specimen", created=datetime(2026, 5, 2, tzinfo=UTC))
    typeset = typesetter.typeset(sheet)
    assert faults(typeset.pdf) == []
    text = pages(typeset.pdf)
    assert all(EXAMPLE[language] in page for page in text)
    numbered = [re.search(rf"(\d+) ?/ ?{len(text)}\b", page) for page in text[cover:]]
    assert [match and int(match[1]) for match in numbered] == list(range(1 + cover, len(text) + 1))
