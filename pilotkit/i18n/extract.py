"""Brings the catalogs up to date with the code: ``python -m pilotkit.i18n.extract`` in a checkout.

Collects every sentence of the code, the templates and the process files (``SOURCES``), adds the new ones
to each ``locale/<language>/LC_MESSAGES/pilotkit.po``, drops those that are gone, and compiles the ``.mo`` files.
Translations that are there stay as they are; a new sentence is never guessed from a similar one.
"""

import sys
import tomllib
from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from pilotkit import resources
from pilotkit.i18n.catalogs import DOMAIN, SOURCE, catalog_file, languages
from pilotkit.i18n.compiled import compiled
from pilotkit.i18n.formats import locale_code

SOURCES: Final = (
    ("pilotkit/**.py", "python"),
    ("flows/**.py", "python"),
    ("pilotkit/process/*.toml", "pilotkit.i18n.extract:process_titles"),
    ("templates/**.html", "jinja2"),
    ("templates/**.txt", "jinja2"),
)
"""Where sentences stand, and how they are found there."""

KEYWORDS: Final = {"message": (1,), "_": (1,), "ngettext": (1, 2), "plural": (1, 2)}
"""The functions whose first arguments are sentences: ``message`` and ``plural`` in code, the others in templates."""

READ_BY_PEOPLE: Final = frozenset({"title", "description", "text", "remedy", "hint"})
"""Keys of a process file whose plain strings are sentences; so are all values of a table named ``anchors``."""

Extracted = Iterator[tuple[int, str, str, list[str]]]


def process_titles(
    file: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Extracted:
    """The sentences of a process file; a wording per language is the programme's own and needs no catalog."""
    del keywords, comment_tags, options
    for sentence in _sentences(tomllib.loads(file.read().decode())):
        yield 1, "_", sentence, []


def _sentences(node: object, key: str = "", inside: str = "") -> Iterator[str]:
    if isinstance(node, str):
        if node and (key in READ_BY_PEOPLE or inside == "anchors"):
            yield node
    elif isinstance(node, list):
        for part in node:
            yield from _sentences(part, key, inside)
    elif isinstance(node, dict) and not (key in READ_BY_PEOPLE and set(node) <= set(languages())):
        for name, part in node.items():
            yield from _sentences(part, name, key)


def checkout() -> Path:
    """The folder of the checkout that this code runs from."""
    return resources.locales().parents[2]


def extracted(root: Path) -> Catalog:
    """Every sentence found under ``root``, each with the files (not the lines: they change too often) it is in."""
    found = extract_from_dir(
        root,
        list(SOURCES),
        keywords=KEYWORDS,
        comment_tags=("i18n:",),
        strip_comment_tags=True,
        directory_filter=lambda folder: not Path(folder).name.startswith("."),
    )
    words = Catalog(project=DOMAIN, domain=DOMAIN)
    for path, _, sentence, comments, context in found:
        words.add(sentence, locations=[(path, 0)], auto_comments=comments, context=context)
    return words


def updated(source: bytes, words: Catalog, language: str) -> bytes:
    """The ``.po`` content of a language with exactly the sentences of ``words``; translations and flags are kept."""
    before = read_po(BytesIO(source), locale=locale_code(language), domain=DOMAIN)
    before.update(words, no_fuzzy_matching=True)
    before.obsolete.clear()
    output = BytesIO()
    write_po(output, before, width=120, sort_output=True, ignore_obsolete=True)
    # A date of creation and the version of Babel would change the file with every run.
    lines = output.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith((b'"POT-Creation-Date', b'"Generated-By')))


def main() -> int:
    """Update and compile every catalog; returns 1 when a language lacks translations, after saying how many."""
    words = extracted(checkout())
    missing = 0
    for language in languages():
        source = catalog_file(language)
        if language == SOURCE and not source.is_file():
            continue
        content = updated(source.read_bytes(), words, language)
        source.write_bytes(content)
        source.with_suffix(".mo").write_bytes(compiled(content, language))
        untranslated = untranslated_sentences(content, language)
        missing += len(untranslated)
        sys.stdout.write(f"{language}: {len(untranslated)} of {len(words)} sentences without translation\n")
    return 1 if missing else 0


def untranslated_sentences(source: bytes, language: str) -> list[str]:
    """The English sentences for which a catalog has no usable translation, fuzzy ones included."""
    words = read_po(BytesIO(source), locale=locale_code(language), domain=DOMAIN)
    return [_english(message) for message in words if message.id and (message.fuzzy or not _translated(message))]


def _translated(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


def _english(message: Message) -> str:
    return str(message.id[0] if message.pluralizable else message.id)


if __name__ == "__main__":
    sys.exit(main())
