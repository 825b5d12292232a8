import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotkit.documents.markdown import TAGS, to_html, to_inline


def test_headings_follow_one_by_one_from_the_level_asked_for() -> None:
    html = to_html("# One\n\n#### Four\n\n## Two\n\n# Again", level=3)
    assert re.findall(r"<h(\d)>", html) == ["3", "4", "4", "3"]


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,AAAA)",
        "![x](https://example.org/x.png)",
        "<style>body{display:none}</style>",
        '<a href="file:///etc/passwd">x</a>',
    ],
)
def test_nothing_dangerous_comes_through(attack: str) -> None:
    for html in (to_html(attack), to_inline(attack)):
        assert not re.search(r"<(script|img|style)|<a[^>]*href=.?(javascript|data|file)", html, re.IGNORECASE)


def test_tables_have_heads_with_a_scope_and_numbers_to_the_right() -> None:
    html = to_html("| Way | Days |\n|---|--:|\n| Fax | 3 |")
    assert '<th scope="col">Way</th>' in html
    assert '<td class="number">3</td>' in html
    assert "style" not in html


def test_links_and_emphasis_stay() -> None:
    assert to_inline("see *this*\n[page](https://example.org/a?b=1&c=2)") == (
        'see <em>this</em> <a href="https://example.org/a?b=1&amp;c=2">page</a>'
    )


@given(st.text())
def test_any_text_gives_only_the_tags_that_are_allowed(text: str) -> None:
    assert set(re.findall(r"<(\w+)", to_html(text))) <= TAGS
