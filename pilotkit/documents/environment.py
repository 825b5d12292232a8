"""The Jinja2 environment of the documents: words, formats and charts for every template, in the reader's language.

Templates call ``_("English sentence with {place}", place=value)`` and ``ngettext("one", "{number} many", number)``.
What they print is escaped, what they misspell is an error. Filters:

========================== ==========================================================================================
``say``                    a Message or a Text in the reader's language
``texts``                  the same, marked with its language where it had to fall back to another one
``markdown(level=3)``      a user's text as blocks; says so where it is in another language than the document
``word``                   a word of a closed set ("test site") in the reader's language
``day``, ``moment``, ``month``, ``short_month``  dates, in the programme's zone
``number``, ``percent``, ``money(currency)``     figures
``language_name``, ``country``, ``listing``      names, lists
``collated(attribute)``    sorted as the language sorts
``css``                    a string for a style sheet
========================== ==========================================================================================
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from operator import attrgetter
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from jinja2.bccache import Bucket, BytecodeCache
from markupsafe import Markup, escape

from pilotkit import resources
from pilotkit.documents import charts
from pilotkit.documents.markdown import to_html
from pilotkit.domain.text import Message, Text, in_language, message
from pilotkit.domain.words import word
from pilotkit.i18n import formats
from pilotkit.i18n.catalogs import Catalog, catalog


@dataclass(frozen=True, kw_only=True)
class Reader:
    """For whom a document is written.

    Attributes:
        language: The language of the document.
        main: The programme's main language, for texts that lack the document's language.
        zone: The programme's time zone, by its name in the tz database.
    """

    language: str
    main: str = "en"
    zone: str = "UTC"


def render(template: str, reader: Reader, **view: object) -> str:
    """The HTML of a template (a path below ``templates/``) for a reader.

    Raises:
        jinja2.UndefinedError: The view lacks something that the template names.
    """
    return environment(reader).get_template(template).render(**view)


@lru_cache(maxsize=64)
def environment(reader: Reader) -> Environment:
    """The environment for a reader. Templates are compiled once in a process, whatever the number of readers."""
    words = catalog(reader.language)
    # The optimizer would print constants once and for all, in the language of whoever compiles the template first.
    made = Environment(
        loader=FileSystemLoader(resources.templates()),
        autoescape=select_autoescape(("html", "svg"), default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        optimized=False,
        auto_reload=False,
        bytecode_cache=_compiled(),
    )
    made.globals |= {"_": _sentence(words, reader), "ngettext": words.plural, "reader": reader, "chart": _charts()}
    made.filters |= _filters(words, reader)
    return made


class _Compiled(BytecodeCache):
    """Compiled templates, kept in memory: the code of a template is the same for every reader."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


@cache
def _compiled() -> _Compiled:
    return _Compiled()


def _charts() -> SimpleNamespace:
    return SimpleNamespace(**{name: getattr(charts, name) for name in charts.__all__})


def _sentence(words: Catalog, reader: Reader) -> Callable[..., str]:
    def sentence(template: str, **values: object) -> str:
        if any(hasattr(value, "__html__") for value in values.values()):
            return escape(words.translate(template)).format(**values)
        return words.say(message(template, **values), main=reader.main)

    return sentence


def _filters(words: Catalog, reader: Reader) -> Mapping[str, Callable[..., Any]]:
    language, zone = reader.language, ZoneInfo(reader.zone)

    def say(what: Message | Text) -> str:
        return words.say(what, main=reader.main)

    def texts(what: Message | Text) -> str:
        written, written_in = _version(what, words, reader)
        if written_in == language:
            return escape(written)
        return Markup('<span lang="{}">{}</span>').format(written_in, written)

    def markdown(what: Message | Text, *, level: int = 3) -> Markup:
        written, written_in = _version(what, words, reader)
        blocks = to_html(written, level=level)
        if written_in == language:
            return blocks
        note = words.say(
            message(
                "This passage is in {language}; there is no version in {wanted} yet.",
                language=formats.language_name(written_in, language),
                wanted=formats.language_name(language, language),
            )
        )
        return Markup('<div class="foreign"><p class="foreign-note">{}</p><div lang="{}">{}</div></div>').format(
            note, written_in, blocks
        )

    def collated(items: Iterable[Any], attribute: str = "") -> list[Any]:
        def key(item: object) -> formats.SortKey:
            return formats.sort_key(_as_text(attrgetter(attribute)(item) if attribute else item, say), words.alphabet)

        return sorted(items, key=key)

    return {
        "say": say,
        "texts": texts,
        "markdown": markdown,
        "collated": collated,
        "word": lambda value: words.say(word(str(value))),
        "day": lambda value, length="long": formats.day(value, language, zone=zone, length=length),
        "moment": lambda value: formats.moment(value, language, zone=zone),
        "month": lambda value: formats.month(value, language),
        "short_month": lambda value: formats.short_month(value, language),
        "period": lambda first, last: formats.period(_local(first, zone), _local(last, zone), language),
        "number": lambda value, decimals=None: formats.number(value, language, decimals=decimals),
        "percent": lambda value, decimals=0: formats.percent(value, language, decimals=decimals),
        "money": lambda amount, currency="EUR": formats.money(amount, currency, language),
        "language_name": lambda code: formats.language_name(code, language),
        "country": lambda code: formats.country_name(code, language),
        "listing": lambda items: formats.listing([say(item) for item in items], language),
        "css": css_string,
    }


def css_string(text: str) -> Markup:
    """A quoted string of CSS; whatever could end it is written as an escape."""
    safe = "".join(c if c.isalnum() or c in " .,-" else f"\\{ord(c):x} " for c in text)
    return Markup('"{}"').format(Markup(safe))  # noqa: S704  # nothing is left that ends the string


def _version(what: Message | Text, words: Catalog, reader: Reader) -> tuple[str, str]:
    if isinstance(what, Mapping):
        return in_language(what, reader.language, reader.main)
    return words.say(what, main=reader.main), reader.language


def _local(value: date, zone: ZoneInfo) -> date:
    return value.astimezone(zone).date() if isinstance(value, datetime) else value


def _as_text(value: object, say: Callable[[Message | Text], str]) -> str:
    return say(value) if isinstance(value, str | Mapping | Message) else str(value)
