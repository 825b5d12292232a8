"""Every sentence that a user may read is there in every language that pilotkit ships."""

import string
from functools import cache
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from pilotkit.i18n.catalogs import SOURCE, catalog_file, languages
from pilotkit.i18n.extract import checkout, extracted

TRANSLATED = [language for language in languages() if language != SOURCE]


@cache
def sentences() -> Catalog:
    return extracted(checkout())


def words(language: str) -> Catalog:
    return read_po(BytesIO(catalog_file(language).read_bytes()), locale=language)


def places(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name is not None}


def test_slovenian_and_german_are_shipped() -> None:
    assert {"sl", "de"} <= set(TRANSLATED)


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_sentence_is_missing(language: str) -> None:
    there = words(language)
    missing = [
        message.id
        for message in sentences()
        if message.id and ((found := there.get(message.id)) is None or found.fuzzy or not _whole(found.string))
    ]
    assert not missing, f"{len(missing)} sentences lack a translation"


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_places_of_their_sentence(language: str) -> None:
    wrong = []
    for message in words(language):
        if not message.id or not _whole(message.string):
            continue
        originals = message.id if isinstance(message.id, tuple | list) else [message.id]
        versions = message.string if isinstance(message.string, tuple | list) else [message.string]
        wrong += [version for version in versions if places(version or "") != places(originals[-1])]
    assert not wrong


def _whole(translation: object) -> bool:
    return all(translation) if isinstance(translation, tuple | list) else bool(translation)
