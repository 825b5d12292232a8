"""A small document of three pages, with everything that documents have, for the tests of typesetting."""

from datetime import UTC, datetime
from html import escape
from typing import Any

from pilotkit.documents.typesetting import Attachment, Sheet
from pilotkit.domain.text import message

CREATED = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

TEXTS = {
    "en": ("Action plan", "The coordinator – example lab – calls “today”.", "Goal → 25 °C ≥ 20 °C ✓"),
    "sl": ("Akcijski načrt", "Združenje čaka na žrebanje štirih ključev.", "Cilj → 25 °C ≥ 20 °C ✓"),
    "de": ("Maßnahmenplan", "Übergrößen prüft die Ärztin „heute“.", "Ziel → 25 °C ≥ 20 °C ✓"),
    "bg": ("План за действие", "Щъркелът чака; ѝ; № 7; юни", "Цел → 25 °C ≥ 20 °C ✓"),
}

STYLE = """
@page { size: A4; margin: 20mm; @top-left { content: string(title) } }
@page { @bottom-right { content: counter(page) " / " counter(pages) } }
body { font: 11pt/1.4 "Noto Sans" }
h1 { string-set: title content() }
section { break-before: page }
"""

CHART = """<svg xmlns="http://www.w3.org/2000/svg" width="300" height="60" viewBox="0 0 300 60">
<title>Chart: 25 of 100</title><rect width="75" height="20" fill="#246"/>
<text x="80" y="16" font-family="Noto Sans">25</text></svg>"""


def page(body: str, *, language: str = "en", title: str = "Sample", style: str = STYLE) -> str:
    """A complete page around a body."""
    head = f"<title>{escape(title)}</title>" if title else ""
    return f'<!doctype html><html lang="{language}"><head>{head}<style>{style}</style></head><body>{body}</body></html>'


def three_pages(language: str) -> str:
    """Heading, paragraphs, a list, a table that breaks over pages, a chart and links."""
    title, sentence, goal = (escape(text) for text in TEXTS[language])
    rows = "".join(f"<tr><th scope=row>{row}</th><td>{sentence}</td><td>{goal}</td></tr>" for row in range(1, 41))
    return page(
        f"""<h1>{title}</h1><p>{sentence} <a href="https://example.org/">example.org</a>, <a href="#end">{goal}</a></p>
        <ul><li>{sentence}</li><li>{goal}<ul><li>{title}</li></ul></li></ul>{CHART}
        <h2>{goal}</h2><table><caption>{title}</caption>
        <thead><tr><th>№</th><th>{title}</th><th>{goal}</th></tr></thead><tbody>{rows}</tbody></table>
        <section><h2 id="end">{title}</h2><p>{sentence}</p></section>""",
        language=language,
        title=title,
    )


def sheet(html: str, **more: Any) -> Sheet:
    """A sheet with the rest filled in."""
    values: dict[str, Any] = {
        "label": message("action plan of {pilot} in {language}", pilot="P-012", language="Slovenian"),
        "identifier": "P-012/action-plan.sl",
        "created": CREATED,
    }
    return Sheet(html, **values | more)


def with_data(html: str) -> Sheet:
    """A sheet that carries what it prints."""
    return sheet(
        html, attachment=Attachment("plan.json", "application/json", b'{"pilot": "P-012"}', "The printed data")
    )
