"""Every document and book: its key, its title, what it prints and the template that prints it.

A new document is one entry here, one view and one folder under ``templates/documents/``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Generic, TypeVar

from pydantic import TypeAdapter

from pilotkit.documents.views.action_plan import ActionPlan, action_plan
from pilotkit.documents.views.evaluation_report import EvaluationReport, evaluation_report
from pilotkit.documents.views.gate_record import GateRecord, gate_record
from pilotkit.documents.views.handbook import Handbook, handbook
from pilotkit.documents.views.handbook_entry import HandbookEntry, handbook_entry
from pilotkit.documents.views.parts import Pages
from pilotkit.documents.views.portfolio_plan import PortfolioPlan, portfolio_plan
from pilotkit.documents.views.project_sheet import ProjectSheet, project_sheet
from pilotkit.documents.views.trial_report import TrialReport, trial_report
from pilotkit.domain.dossier import Dossier, Portfolio
from pilotkit.domain.errors import NotFound
from pilotkit.domain.text import Message, message

Facts = TypeVar("Facts")


@dataclass(frozen=True, kw_only=True)
class Kind(Generic[Facts]):
    """A kind of document.

    Attributes:
        title: What it is called.
        template: Its template, below ``templates/documents/``.
        pages: The type of its view.
        view: Makes the view from the facts, for a language and a subject: which decision or pass, where there are many.
    """

    title: Message
    template: str
    pages: type[Pages]
    view: Callable[[Facts, str, str], Pages]

    @cached_property
    def adapter(self) -> TypeAdapter[Pages]:
        """Writes views as JSON, and reads them back."""
        return TypeAdapter(self.pages)


DOCUMENTS: Final[Mapping[str, Kind[Dossier]]] = {
    "action-plan": Kind(
        title=message("Action plan"),
        template="action-plan/pages.html",
        pages=ActionPlan,
        view=lambda dossier, language, _: action_plan(dossier, language),
    ),
    "handbook-entry": Kind(
        title=message("Handbook entry"),
        template="handbook-entry/pages.html",
        pages=HandbookEntry,
        view=lambda dossier, language, _: handbook_entry(dossier, language),
    ),
    "project-sheet": Kind(
        title=message("Project sheet"),
        template="project-sheet/pages.html",
        pages=ProjectSheet,
        view=lambda dossier, language, _: project_sheet(dossier, language),
    ),
    "evaluation-report": Kind(
        title=message("Evaluation report"),
        template="evaluation-report/pages.html",
        pages=EvaluationReport,
        view=evaluation_report,
    ),
    "gate-record": Kind(
        title=message("Gate record"), template="gate-record/pages.html", pages=GateRecord, view=gate_record
    ),
    "trial-report": Kind(
        title=message("Trial report"), template="trial-report/pages.html", pages=TrialReport, view=trial_report
    ),
}
"""The documents of a pilot."""

BOOKS: Final[Mapping[str, Kind[Portfolio]]] = {
    "handbook-public": Kind(
        title=message("Handbook, public edition"),
        template="handbook/pages.html",
        pages=Handbook,
        view=lambda portfolio, language, _: handbook(portfolio, language, "public"),
    ),
    "handbook-draft": Kind(
        title=message("Handbook, draft edition"),
        template="handbook/pages.html",
        pages=Handbook,
        view=lambda portfolio, language, _: handbook(portfolio, language, "draft"),
    ),
    "action-plan-area": Kind(
        title=message("Action plan of the action area"),
        template="portfolio-plan/pages.html",
        pages=PortfolioPlan,
        view=lambda portfolio, language, _: portfolio_plan(portfolio, language),
    ),
    "action-plan-programme": Kind(
        title=message("Action plan of the programme"),
        template="portfolio-plan/pages.html",
        pages=PortfolioPlan,
        view=lambda portfolio, language, _: portfolio_plan(portfolio, language),
    ),
}
"""The books of a programme."""


def document(key: str) -> Kind[Dossier]:
    """A kind of document by its key.

    Raises:
        NotFound: There is none.
    """
    if key not in DOCUMENTS:
        raise NotFound(
            message("There is no document {key}.", key=key),
            message("Use one of {keys}.", keys=sorted(DOCUMENTS)),
        )
    return DOCUMENTS[key]


def book(key: str) -> Kind[Portfolio]:
    """A kind of book by its key.

    Raises:
        NotFound: There is none.
    """
    if key not in BOOKS:
        raise NotFound(message("There is no book {key}.", key=key), message("Use one of {keys}.", keys=sorted(BOOKS)))
    return BOOKS[key]
