"""The frame in which agenda items are made: pilot, process and programme, keys, owners and due dates."""

from dataclasses import dataclass
from datetime import date

from pilotkit.domain.agenda import AgendaItem, Step, Task
from pilotkit.domain.calendar import working_days_after
from pilotkit.domain.pilot import Pilot, StagePass
from pilotkit.domain.process import Process, Stage
from pilotkit.domain.programme import Person, Programme, Role
from pilotkit.domain.text import Message


@dataclass(frozen=True)
class Plan:
    """The facts that an agenda is computed from."""

    pilot: Pilot
    process: Process
    programme: Programme

    @property
    def coordinator(self) -> Person | None:
        """The pilot's coordinator; one of the programme's when the pilot has none or theirs is inactive."""
        chosen = self.pilot.coordinator
        if chosen and chosen.active:
            return chosen
        return next(iter(self.programme.with_role(Role.COORDINATOR)), None)

    def step(self, step: Step, subject: str, stage: str, title: Message, on: date) -> AgendaItem:
        """An automatic item: open and due on the same day."""
        return AgendaItem(
            key=self.key(step, subject), kind=step, subject=subject, stage=stage, title=title, opens_on=on, due_on=on
        )

    def task(
        self,
        task: Task,
        subject: str,
        stage: str,
        title: Message,
        *,
        opens_on: date,
        due_on: date,
        owner: Person | None,
        role: Role,
        missing: tuple[Message, ...] = (),
        command: str = "",
    ) -> AgendaItem:
        """A human item; without an active owner it is the coordinator's."""
        return AgendaItem(
            key=self.key(task, subject),
            kind=task,
            subject=subject,
            stage=stage,
            title=title,
            opens_on=opens_on,
            due_on=max(due_on, opens_on),
            owner=owner if owner and owner.active else self.coordinator,
            role=role,
            missing=missing,
            command=f"pilotkit {command}" if command else "",
        )

    def key(self, kind: str, subject: str) -> str:
        """The item's key: the same facts give the same key, so rows and reminders last."""
        return f"{self.pilot.code}:{self.pilot.process_version}:{kind}:{subject}"

    def after(self, start: date, working_days: int, owner: Person | None) -> date:
        """The due date, counted in working days of the owner's country."""
        person = owner or self.coordinator
        return working_days_after(
            start, working_days, person.country if person else "", person.region if person else ""
        )


@dataclass(frozen=True)
class Here:
    """The open pass and its stage."""

    stage: Stage
    stage_pass: StagePass

    @property
    def subject(self) -> str:
        """Stage and number of the pass."""
        return f"{self.stage.key}.{self.stage_pass.number}"


def task_here(
    plan: Plan,
    here: Here,
    task: Task,
    title: Message,
    *,
    detail: str = "",
    owner: Person | None = None,
    role: Role = Role.COORDINATOR,
    opens_on: date | None = None,
    due_on: date | None = None,
    missing: tuple[Message, ...] = (),
    command: str = "",
) -> AgendaItem:
    """A human item of the open pass: by default the coordinator's, due within the time allowed for its kind."""
    person = owner if owner and owner.active else plan.coordinator
    opens = opens_on or here.stage_pass.opened_on
    return plan.task(
        task,
        f"{here.subject}/{detail}" if detail else here.subject,
        here.stage.key,
        title,
        opens_on=opens,
        due_on=due_on or plan.after(opens, here.stage.allowance(task), person),
        owner=person,
        role=role,
        missing=missing,
        command=command,
    )
