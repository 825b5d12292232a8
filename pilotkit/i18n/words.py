"""The words of the domain's closed sets - roles, states, outcomes - so that the catalogs know them.

Facts carry such a word as plain English data (``"test site"``); a reader sees it through the catalog. Standing here, it
is found by the extraction. A test compares this list with the types of the domain.
"""

from typing import Final

from pilotkit.domain.text import message

WORDS: Final = {
    each.template: each
    for each in (
        # Kinds of stages
        message("intake"),
        message("evaluation"),
        message("trial"),
        message("implementation"),
        message("publication"),
        # Outcomes of gates
        message("go"),
        message("conditional-go"),
        message("recycle"),
        message("hold"),
        message("stop"),
        # States of pilots
        message("active"),
        message("on hold"),
        message("stopped"),
        message("published"),
        # Roles of organisations in a pilot
        message("lead"),
        message("partner"),
        message("associated"),
        message("test site"),
        message("supplier"),
        message("mentor"),
        message("funder"),
        # Verdicts on criteria, states of conditions
        message("met"),
        message("waived"),
        message("not applicable"),
        message("open"),
        message("void"),
        # States of bookings and of action items
        message("pencilled"),
        message("confirmed"),
        message("released"),
        message("planned"),
        message("doing"),
        message("done"),
        message("dropped"),
        # Kinds of lessons
        message("worked"),
        message("did not"),
        message("would change"),
        # Indicators
        message("higher"),
        message("lower"),
        message("proportion"),
        message("mean"),
        message("rate"),
        message("figure"),
        # Results of trials
        message("reached"),
        message("partly"),
        message("not reached"),
        message("not measurable"),
        # Roles of people
        message("submitter"),
        message("coordinator"),
        message("evaluator"),
        message("decider"),
        message("reader"),
        message("admin"),
        # Kinds of organisations
        message("provider"),
        message("municipality"),
        message("region"),
        message("academia"),
        message("company"),
        message("civil society"),
        message("policy"),
        message("other"),
        # Majorities
        message("simple"),
        message("two-thirds"),
        message("unanimous"),
        # Axes of evaluation
        message("value"),
        message("feasibility"),
        # Marks of documents
        message("draft"),
        message("late"),
        message("next"),
        message("current"),
        message("skipped"),
    )
}
"""English word to message."""
