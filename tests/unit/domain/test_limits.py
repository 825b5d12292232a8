"""Limits on what people type."""

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotkit.domain.errors import Invalid
from pilotkit.domain.limits import TEXT_LIMIT, TITLE_LIMIT, checked_name, checked_text, checked_texts


@pytest.mark.parametrize(
    "text",
    ["Čebelica šteje žlice", "Größe – 100 €", "Две болници", "👩‍⚕️ e\u0301", "line\nline\r\n\ttab", "שלום \u200f"],
)
def test_texts_of_every_language_are_kept_as_they_are(text: str) -> None:
    assert checked_text(text, "summary") == text.strip()


@pytest.mark.parametrize(
    "code", [0x00, 0x01, 0x07, 0x0B, 0x0C, 0x1B, 0x7F, 0x80, 0x85, 0x9F, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF], ids=hex
)
def test_what_no_document_can_show_is_refused(code: int) -> None:
    for check in (checked_text, checked_name):
        with pytest.raises(Invalid, match="The field title holds a control character") as caught:
            check(f"One{chr(code)}two", "title")
        str(caught.value).encode()


def test_white_space_around_a_text_is_left_out() -> None:
    assert checked_text("  one \n", "summary") == "one"
    assert checked_text(" \n", "summary") == ""


@pytest.mark.parametrize("nothing", ["", " ", "\n\t", "\u00a0"])
def test_a_required_text_is_not_empty(nothing: str) -> None:
    with pytest.raises(Invalid, match="The field reason is empty"):
        checked_text(nothing, "reason", required=True)


def test_a_text_has_a_longest_length_in_characters() -> None:
    assert len(checked_text("ž" * TEXT_LIMIT, "summary")) == TEXT_LIMIT
    with pytest.raises(Invalid, match="has 20001 characters; at most 20000 are kept"):
        checked_text("ž" * (TEXT_LIMIT + 1), "summary")
    with pytest.raises(Invalid, match="has 6 characters; at most 5 are kept"):
        checked_text("sixsix", "remark", limit=5)


def test_a_name_is_one_line() -> None:
    assert checked_name(" Regional \n hospital,\texample ", "name") == "Regional hospital, example"
    with pytest.raises(Invalid, match="is empty"):
        checked_name(" \n ", "name")
    with pytest.raises(Invalid, match="at most 300"):
        checked_name("x" * (TITLE_LIMIT + 1), "name")


def test_texts_stand_in_the_languages_of_the_programme() -> None:
    texts = {"en": " A visit ", "sl": "Obisk", "de": "  "}
    assert checked_texts(texts, "title", ("en", "sl", "de")) == {"en": "A visit", "sl": "Obisk"}
    with pytest.raises(Invalid, match=r"a version in fr, .*Its languages are: en, sl\."):
        checked_texts({"fr": "Une visite"}, "title", ("en", "sl"))


def test_every_version_of_a_text_is_checked() -> None:
    for text in ("a\x00b", "x" * 11):
        with pytest.raises(Invalid, match="The field title"):
            checked_texts({"en": "A visit", "sl": text}, "title", ("en", "sl"), limit=10)


@given(st.text(st.characters()))
def test_a_text_is_refused_or_can_be_stored_and_shown(text: str) -> None:
    try:
        checked = checked_text(text, "summary")
    except Invalid:
        assert any(category(character) in ("Cc", "Cs", "Cn") for character in text)
        return
    checked.encode()
    assert not any(category(character) == "Cc" and character not in "\n\r\t" for character in checked)
    assert checked_text(checked, "summary") == checked


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), max_size=200))
def test_no_ordinary_text_is_refused(text: str) -> None:
    assert checked_text(text, "summary") == text.strip()
