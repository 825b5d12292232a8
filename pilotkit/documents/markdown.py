"""User text: Markdown in, safe HTML out. No raw HTML, no pictures from elsewhere, headings that fit the document."""

from collections.abc import Sequence, Set
from functools import cache
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

INLINE_TAGS: Final = frozenset({"a", "code", "em", "s", "strong"})
HEADING_TAGS: Final = frozenset({"h2", "h3", "h4", "h5", "h6"})
TABLE_TAGS: Final = frozenset({"table", "tbody", "td", "th", "thead", "tr"})
TAGS: Final = INLINE_TAGS | HEADING_TAGS | TABLE_TAGS | {"blockquote", "br", "hr", "li", "ol", "p", "pre", "ul"}
ATTRIBUTES: Final = {
    "table": {"class"},
    "a": {"href", "title"},
    "th": {"scope", "class"},
    "td": {"class"},
    "ol": {"start"},
}
SCHEMES: Final = frozenset({"http", "https", "mailto"})


@cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")


def to_html(text: str, *, level: int = 3) -> Markup:
    """A user's Markdown as HTML blocks.

    Args:
        text: What the user wrote.
        level: The level of the highest heading in it. Deeper ones follow one by one, whatever the user skipped: a
            screen reader finds the way by the levels.
    """
    parser = _parser()
    tokens = parser.parse(text)
    _fit_headings(tokens, level)
    for token in tokens:
        if token.type == "table_open":
            token.attrSet("class", "plain")
        if token.type == "th_open":
            token.attrSet("scope", "col")
        if (align := token.attrs.pop("style", "")) and token.type in ("th_open", "td_open"):
            token.attrSet("class", "number" if align == "text-align:right" else "")
    return _clean(parser.renderer.render(tokens, parser.options, {}), TAGS)


def to_inline(text: str) -> Markup:
    """One line of a user's Markdown, without a block around it: emphasis and links only."""
    return _clean(_parser().renderInline(" ".join(text.split())), INLINE_TAGS)


def _clean(html: str, tags: Set[str]) -> Markup:
    attributes = {tag: set(names) for tag, names in ATTRIBUTES.items() if tag in tags}
    clean = nh3.clean(html, tags=set(tags), attributes=attributes, url_schemes=set(SCHEMES), link_rel=None)
    return Markup(clean)  # noqa: S704  # nh3 has just cleaned it


def _fit_headings(tokens: Sequence[Token], level: int) -> None:
    written: list[int] = []
    for token in tokens:
        if token.type not in ("heading_open", "heading_close"):
            continue
        if token.type == "heading_open":
            depth = int(token.tag[1])
            while written and written[-1] >= depth:
                written.pop()
            written.append(depth)
        token.tag = f"h{min(level + len(written) - 1, 6)}"
