"""Catalogs of pilotkit's own words: one folder per language, found by looking.

``locale/<language>/LC_MESSAGES/pilotkit.po`` is all that a language needs. English is the source: its sentences are the
keys of the catalogs. A compiled ``.mo`` beside the ``.po`` is used when it was made from exactly that ``.po``; else the
``.po`` itself is read.
"""

import gettext
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from pilotkit import resources
from pilotkit.domain.errors import Invalid
from pilotkit.domain.text import Message, Text, in_language, message
from pilotkit.i18n import formats
from pilotkit.i18n.compiled import compiled, made_from

SOURCE: Final = "en"
"""The language in which the messages stand in the code."""

DOMAIN: Final = "pilotkit"

ALPHABET: Final = message("abcdefghijklmnopqrstuvwxyz")
"""The letters in the order of the dictionary: a catalog "translates" them into those of its language, in order."""


def catalog_file(language: str) -> Path:
    """Where the catalog of a language lies, or would lie."""
    return resources.locales() / language / "LC_MESSAGES" / f"{DOMAIN}.po"


@cache
def languages() -> tuple[str, ...]:
    """Every language that pilotkit speaks: English first, then each folder that holds a catalog."""
    folder = resources.locales()
    found = {path.name for path in folder.iterdir() if catalog_file(path.name).is_file()} if folder.is_dir() else set()
    return (SOURCE, *sorted(found - {SOURCE}))


class Catalog:
    """The words of one language.

    Attributes:
        language: Its code, as the folder is named.
    """

    def __init__(self, language: str, translations: gettext.NullTranslations) -> None:
        self.language = language
        self._translations = translations

    @property
    def alphabet(self) -> str:
        """The letters of the language, lower case, in the order of its dictionaries; for :func:`formats.sort_key`."""
        return self.say(ALPHABET)

    def translate(self, template: str) -> str:
        """The template of a message in this language, its places unfilled; English where the catalog has none."""
        return self._translations.gettext(template) if template else ""

    def say(self, what: Message | Text, *, main: str = SOURCE) -> str:
        """A message or a text in this language.

        Messages inside a message, a programme's own wordings, dates, decimal numbers and lists are put into it, too.

        Args:
            what: A message (translated, then filled), a plain string (a key of the catalogs) or a mapping.
            main: The programme's main language, for a wording that lacks this language.
        """
        if isinstance(what, Message):
            return self._fill(self.translate(what.template), what.values, main)
        if isinstance(what, str):
            return self.translate(what)
        return in_language(what, self.language, main)[0]

    def plural(self, one: str, many: str, number: int, /, **values: object) -> str:
        """A sentence with a number in it, in the plural form that the language wants; fills ``{number}``, too."""
        template = self._translations.ngettext(one, many, number)
        return self._fill(template, {"number": number, **values}, SOURCE)

    def _fill(self, template: str, values: Mapping[str, object], main: str) -> str:
        return template.format_map({key: self._spoken(value, main) for key, value in values.items()})

    def _spoken(self, value: object, main: str) -> str:
        match value:
            case Message():
                return self.say(value, main=main)
            case Mapping():
                return in_language(value, self.language, main)[0]
            case datetime():
                return formats.moment(value, self.language)
            case date():
                return formats.day(value, self.language)
            case Decimal():
                return formats.number(value, self.language)
            case list() | tuple() | set() | frozenset():
                return formats.listing([self._spoken(part, main) for part in value], self.language)
            case _:
                return str(value)


@cache
def catalog(language: str) -> Catalog:
    """The catalog of a language, read once.

    Raises:
        Invalid: There is no folder for the language.
    """
    if language not in languages():
        raise Invalid(
            message("There is no catalog for the language {language}.", language=language),
            message("Use one of {languages}.", languages=languages()),
        )
    if not catalog_file(language).is_file():
        return Catalog(language, gettext.NullTranslations())
    return Catalog(language, _translations(catalog_file(language), language))


def _translations(source: Path, language: str) -> gettext.NullTranslations:
    content, ready = source.read_bytes(), source.with_suffix(".mo")
    if ready.is_file():
        translations = gettext.GNUTranslations(BytesIO(ready.read_bytes()))
        if made_from(translations, content):
            return translations
    return gettext.GNUTranslations(BytesIO(compiled(content, language)))
