"""Brings the catalogs up to date with the code: ``python -m pilotkit.i18n.extract`` in a checkout.

Collects every sentence of the code, the templates and the process files (``babel.cfg`` says where), adds the new ones to each
``locale/<language>/LC_MESSAGES/pilotkit.po``, drops those that are gone, and compiles the ``.mo`` files. Translations that
are there stay as they are; a new sentence is never guessed from a similar one.
"""

import sys
import tomllib
from collections.abc import Collection, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from pilotkit import resources
from pilotkit.i18n.catalogs import DOMAIN, SOURCE, catalog_file, compiled_bytes, languages
from pilotkit.i18n.formats import locale_code

KEYWORDS: Final = {"message": (1,), "_": (1,), "ngettext": (1, 2), "count": (1, 2)}
"""The functions whose first arguments are sentences: in code ``message``, in templates ``_`` and ``ngettext``."""

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
    """Every sentence found under ``root``, sorted, each with the files (not the lines: those change too often) it is in."""
    with (root / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(
        root, methods, options, keywords=KEYWORDS, comment_tags=("i18n:",), strip_comment_tags=True
    )
    words = Catalog(project=DOMAIN, domain=DOMAIN)
    for path, _, sentence, comments, context in found:
        words.add(sentence, locations=[(path, None)], auto_comments=comments, context=context)  # type: ignore[list-item]
    return words


def updated(source: Path, words: Catalog, language: str) -> bytes:
    """The ``.po`` file of a language with exactly the sentences of ``words``, keeping translations, flags and headers."""
    before = read_po(BytesIO(source.read_bytes()), locale=locale_code(language), domain=DOMAIN)
    kept = {message.id: message for message in before if message.id}
    for message in words:
        if message.id and (old := kept.get(message.id)) is not None:
            message.string, message.flags, message.user_comments = (
                old.string,
                old.flags | message.flags,
                old.user_comments,
            )
        elif message.id:
            message.string = ("",) * before.num_plurals if message.pluralizable else ""
    before_messages = before._messages
    before_messages.clear()
    for message in words:
        if message.id:
            before[message.id] = _copy(message)
    output = BytesIO()
    write_po(output, before, width=120, sort_output=True, ignore_obsolete=True)
    return output.getvalue()


def _copy(message: Message) -> Message:
    return Message(
        message.id,
        message.string,
        locations=sorted(set(message.locations)),
        flags=message.flags,
        auto_comments=message.auto_comments,
        user_comments=message.user_comments,
    )


def main() -> int:
    """Update and compile every catalog; returns 1 when a language lacks translations, after saying how many."""
    root = checkout()
    missing = 0
    for language in languages():
        source = catalog_file(language)
        if language == SOURCE and not source.is_file():
            continue
        source.write_bytes(updated(source, extracted(root), language))
        source.with_suffix(".mo").write_bytes(compiled_bytes(source))
        untranslated = untranslated_sentences(source, language)
        missing += len(untranslated)
        print(f"{language}: {len(untranslated)} sentences without translation")
    return 1 if missing else 0


def untranslated_sentences(source: Path, language: str) -> list[str]:
    """The English sentences for which a catalog has no usable translation, fuzzy ones included."""
    words = read_po(BytesIO(source.read_bytes()), locale=locale_code(language), domain=DOMAIN)
    return [_english(message) for message in words if message.id and (message.fuzzy or not _translated(message))]


def _translated(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


def _english(message: Message) -> str:
    return str(message.id[0] if message.pluralizable else message.id)


if __name__ == "__main__":
    sys.exit(main())
