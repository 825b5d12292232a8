"""pilotkit's own words for the values of its open sets, so that every one of them has an entry in the catalogs.

Values such as ``on hold`` are stored as they are; what a reader sees is ``WORDS[value]``, translated.
"""

from pilotkit.domain.text import Message, message

WORDS: dict[str, Message] = {
    word.template: word
    for word in (
        # status of a pilot
        message("active"),
        message("on hold"),
        message("stopped"),
        message("published"),
        message("archived"),
        # outcomes of a gate
        message("go"),
        message("conditional go"),
        message("recycle"),
        message("hold"),
        message("stop"),
        # verdicts and states
        message("met"),
        message("waived"),
        message("not applicable"),
        message("open"),
        message("to confirm"),
        message("void"),
        message("pencilled"),
        message("confirmed"),
        message("released"),
        message("planned"),
        message("doing"),
        message("done"),
        message("dropped"),
        message("reached"),
        message("partly"),
        message("not reached"),
        message("not measurable"),
        message("worked"),
        message("did not"),
        message("would change"),
        # roles of people
        message("submitter"),
        message("coordinator"),
        message("evaluator"),
        message("decider"),
        message("partner"),
        message("mentor"),
        message("reader"),
        message("admin"),
        message("sponsor"),
        message("owner"),
        # roles of organisations
        message("lead"),
        message("associated"),
        message("test site"),
        message("supplier"),
        message("funder"),
        # kinds of organisation
        message("provider"),
        message("municipality"),
        message("region"),
        message("academia"),
        message("company"),
        message("civil society"),
        message("policy"),
        message("other"),
        # kinds of stage
        message("intake"),
        message("evaluation"),
        message("trial"),
        message("implementation"),
        message("publication"),
        # documents
        message("project sheet"),
        message("action plan"),
        message("handbook entry"),
        message("evaluation report"),
        message("gate record"),
        message("trial report"),
        message("handbook, public edition"),
        message("handbook, draft edition"),
        message("action plan of the area"),
        message("action plan of the programme"),
        # kinds of figure and directions
        message("proportion"),
        message("mean"),
        message("rate"),
        message("figure"),
        message("higher"),
        message("lower"),
        # majorities
        message("simple"),
        message("two-thirds"),
        message("unanimous"),
        # axes of an evaluation
        message("value"),
        message("feasibility"),
        # marks in documents
        message("draft"),
        message("late"),
        message("next"),
        message("current"),
        message("skipped"),
        # what people may do
        message("load a programme"),
        message("manage people and organisations"),
        message("hand in a pilot"),
        message("edit a pilot"),
        message("show that a criterion is met"),
        message("waive a criterion"),
        message("score a pilot"),
        message("manage an evaluation panel"),
        message("plan a trial"),
        message("enter measurements"),
        message("plan action items"),
        message("update an action item"),
        message("write lessons"),
        message("approve a handbook entry"),
        message("vote"),
        message("record the votes of a meeting"),
        message("record a decision"),
        message("revert a decision"),
        message("settle a condition"),
        message("declare a conflict of interest"),
        message("plan a board meeting"),
        message("import pilots"),
    )
}

_BY_KEY = {
    "conditional-go": "conditional go",
    "project-sheet": "project sheet",
    "action-plan": "action plan",
    "handbook-entry": "handbook entry",
    "evaluation-report": "evaluation report",
    "gate-record": "gate record",
    "trial-report": "trial report",
    "handbook-public": "handbook, public edition",
    "handbook-draft": "handbook, draft edition",
    "action-plan-area": "action plan of the area",
    "action-plan-programme": "action plan of the programme",
}


def word(value: str) -> Message:
    """Pilotkit's word for a stored value; values that are not pilotkit's own are shown as they are."""
    return WORDS.get(_BY_KEY.get(value, value)) or Message("{value}", {"value": value})
