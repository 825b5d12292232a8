"""The peers: a bare Prefect flow with the same tasks and artifacts, and a bare render of the same pages."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC

import weasyprint
from prefect import flow, task
from prefect.artifacts import acreate_link_artifact, acreate_markdown_artifact
from prefect.cache_policies import NO_CACHE
from weasyprint.text.fonts import FontConfiguration

from pilotkit import resources
from pilotkit.documents.fetcher import Fetcher
from pilotkit.documents.finish import VARIANT
from pilotkit.documents.typesetting import Sheet


@dataclass(frozen=True)
class Run:
    """What a flow of pilotkit was made of: its tasks, and the artifacts that it left."""

    tasks: int
    links: int = 0
    summary: str = "Done."


@task(name="bare task", persist_result=False, cache_policy=NO_CACHE)
async def _bare_task(number: int) -> int:
    return number


@flow(name="bare", persist_result=False)
async def bare_flow(run: Run) -> None:
    """As many tasks and artifacts, and nothing else."""
    for number in range(run.tasks):
        await _bare_task(number)
    for number in range(run.links):
        await acreate_link_artifact("file:///tmp/document.pdf", key=f"bare-link-{number}", link_text="document.pdf")
    await acreate_markdown_artifact(run.summary, key="bare-summary")


class Renderer:
    """WeasyPrint in a warm process: the same HTML, the same PDF variant, nothing of pilotkit around it."""

    def __init__(self) -> None:
        self._fonts = FontConfiguration()

    def render(self, sheets: Sequence[Sheet]) -> int:
        """Typeset every sheet; returns the number of bytes."""
        return sum(len(self._pdf(sheet)) for sheet in sheets)

    def _pdf(self, sheet: Sheet) -> bytes:
        fetcher = Fetcher(resources.templates(), sheet.pictures)
        html = re.sub(r"[\x00-\x08]", "", sheet.html)
        source = weasyprint.HTML(string=html, base_url="pilotkit:", url_fetcher=fetcher)
        document = source.render(font_config=self._fonts, pdf_variant=VARIANT)
        document.metadata.created = sheet.created.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        pdf = document.write_pdf(pdf_variant=VARIANT, pdf_identifier=sheet.identifier.encode())
        if not isinstance(pdf, bytes):
            raise TypeError("WeasyPrint wrote no PDF")
        return pdf
