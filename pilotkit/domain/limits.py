"""Limits on what people type, refused here with the same words before any database sees it."""

import re
from collections.abc import Mapping
from decimal import Decimal

from pilotkit.domain.errors import Invalid, message

TITLE_LIMIT = 300
"""Longest title or name, in characters."""

TEXT_LIMIT = 20_000
"""Longest text of one language, in characters."""

# Control characters but tab and line ends, halves of surrogate pairs, and what XML (a PDF's metadata) does not allow.
_UNSHOWABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_CURRENCY_LETTERS = 3


def checked_text(value: str, field: str, *, limit: int = TEXT_LIMIT, required: bool = False) -> str:
    """The text without white space around it.

    Args:
        field: What it is called in a message: ``title``, ``evidence``.

    Raises:
        Invalid: It is missing though required, too long, or holds characters that no document can show.
    """
    text = value.strip()
    if required and not text:
        raise Invalid(message("The field {field} is empty.", field=field), message("Give a text."))
    if len(text) > limit:
        raise Invalid(
            message(
                "The field {field} has {length} characters; at most {limit} are kept.",
                field=field,
                length=len(text),
                limit=limit,
            ),
            message("Shorten it, and keep the long text in a document that you name as evidence."),
        )
    if _UNSHOWABLE.search(text):
        raise Invalid(
            message("The field {field} holds a control character that no document can show.", field=field),
            message("Type the text again; copied text often brings such characters along."),
        )
    return text


def checked_name(value: str, field: str) -> str:
    """A name or title: one line, not empty.

    Raises:
        Invalid: See ``checked_text``.
    """
    return " ".join(checked_text(value, field, limit=TITLE_LIMIT, required=True).split())


def checked_currency(code: str) -> str:
    """The code of a currency: three letters.

    Raises:
        Invalid: It is none.
    """
    if len(code) != _CURRENCY_LETTERS or not (code.isascii() and code.isalpha()):
        raise Invalid(
            message("{code} is no code of a currency.", code=ascii(code[:20])),
            message("Give three letters, such as EUR."),
        )
    return code.upper()


def checked_budget(amount: Decimal | None) -> Decimal | None:
    """A budget as it was given, if one was.

    Raises:
        Invalid: It is less than nothing. (What is no number at all, the column of amounts refuses.)
    """
    if amount is not None and amount.is_finite() and amount < 0:
        raise Invalid(
            message("The budget {amount} is less than nothing.", amount=amount), message("Give an amount of 0 or more.")
        )
    return amount


def checked_texts(
    texts: Mapping[str, str], field: str, languages: tuple[str, ...], *, limit: int = TEXT_LIMIT
) -> dict[str, str]:
    """A text per language, empty versions left out.

    Raises:
        Invalid: A language is none of the programme's, or a version breaks a limit.
    """
    for language in texts:
        if language not in languages:
            raise Invalid(
                message(
                    "The field {field} has a version in {language}, which is no language of the programme.",
                    field=field,
                    language=language[:20],
                ),
                message("Its languages are: {languages}.", languages=", ".join(languages)),
            )
    checked = {language: checked_text(text, field, limit=limit) for language, text in texts.items()}
    return {language: text for language, text in checked.items() if text}
