from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotkit.documents.look import CONTRAST, Colophon, Look, contrast, mixed
from pilotkit.domain.errors import Invalid

colours = st.integers(min_value=0, max_value=0xFFFFFF).map(lambda value: f"#{value:06x}")


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


@given(colours)
def test_whatever_the_accent_its_text_can_be_read(accent: str) -> None:
    look = Look(programme="Example", accent=accent)
    assert contrast(look.ink, "#ffffff") >= CONTRAST
    assert contrast(look.on_accent, accent) >= 4.3
    assert contrast("#111111", look.tint) >= 7


def test_an_accent_that_can_be_read_stays_as_it_is() -> None:
    assert Look(programme="Example", accent="#17545c").ink == "#17545c"


@pytest.mark.parametrize("wrong", ["", "red", "#12345", "#12345g", "#1234567", "17545c0", "#+1+1+1"])
def test_a_wrong_colour_is_refused(wrong: str) -> None:
    with pytest.raises(Invalid, match="is not a colour"):
        Look(programme="Example", accent=wrong)


def test_mixing() -> None:
    assert mixed("#000000", "#ffffff", 0.5) == "#808080"


def test_the_seal_is_the_beginning_of_the_checksum() -> None:
    colophon = Colophon(
        kind="Plan", title="T", language="en", version=1, checksum="0123456789abcdef", created=date(2026, 5, 1)
    )
    assert colophon.seal == "0123 4567 89ab"
