"""Texts in several languages.

Two kinds of text meet in pilotkit. A **message** is pilotkit's own: an English template that is also the key of the
translation catalogs, with the values to fill in. A **text** is written by users: one version per language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Texts = Mapping[str, str]
"""A user's text: language code to version. A missing language falls back to the programme's main language."""

Text = str | Texts
"""A text of a process file: a plain string is a key of the catalogs, a mapping is the programme's own wording."""


@dataclass(frozen=True)
class Message:
    """A sentence of pilotkit's own: ``template`` is English and a catalog's key, ``values`` fills its ``{places}``."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """The sentence in English."""
        return self.template.format_map({key: _plain(value) for key, value in self.values.items()})


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return str(next(iter(value.values()), ""))
    if isinstance(value, tuple):
        return " ".join(_plain(part) for part in value)
    return str(value)


def message(template: str, **values: object) -> Message:
    """A message; also the keyword by which the extraction of catalogs finds the templates in the code."""
    return Message(template, values)


def wording(text: Text) -> "Message | Texts":
    """A text of a process file as a value of a message, so that a catalog's key is translated, too."""
    return Message(text) if isinstance(text, str) else text


def in_language(texts: Texts, language: str, main: str) -> tuple[str, str]:
    """The version of a user's text for a reader, with the language that it is written in.

    Falls back to the programme's main language, then to any version that is there; empty text has the wanted language.
    """
    for candidate in (language, main, *sorted(texts)):
        if texts.get(candidate):
            return texts[candidate], candidate
    return "", language
