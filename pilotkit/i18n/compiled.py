"""Compiled catalogs. Knows nothing but Babel, so that the build of the package can use it as well."""

import gettext
import hashlib
from io import BytesIO
from typing import Final

MADE_FROM: Final = ("pilotkit", "made from")
"""Context and key of the checksum of its source that a compiled catalog keeps: file times do not survive installing."""


def compiled(source: bytes, language: str) -> bytes:
    """The ``.mo`` content of a language's ``.po`` content. Strings marked as fuzzy are left out, as gettext has it."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    words = read_po(BytesIO(source), locale=language.replace("-", "_"))
    words.add(MADE_FROM[1], checksum(source), context=MADE_FROM[0])
    output = BytesIO()
    write_mo(output, words)
    return output.getvalue()


def made_from(translations: gettext.NullTranslations, source: bytes) -> bool:
    """Whether a compiled catalog was made from exactly this source."""
    return translations.pgettext(*MADE_FROM) == checksum(source)


def checksum(source: bytes) -> str:
    """The SHA-256 of a source, in hexadecimal digits."""
    return hashlib.sha256(source).hexdigest()
