"""The view of the specimen: invented facts that use every part of the look, with long words."""

# ruff: noqa: E501  # a table of facts is read by columns

from datetime import date
from decimal import Decimal
from types import SimpleNamespace as Facts

from pilotkit.documents.charts import Measured, Score, Span, Task
from pilotkit.documents.environment import Reader, environment, render
from pilotkit.documents.look import Colophon, Look

LOOK = Look(
    programme={
        "en": "Integrated care across the border, example",
        "sl": "Celostna oskrba čez mejo, primer",
        "de": "Integrierte Versorgung über die Grenze, Beispiel",
    },
    funding={
        "en": "Example of a funding notice: co-financed by the European Union through a programme of territorial cooperation.",
        "sl": "Primer obvestila o financiranju: sofinancira Evropska unija iz programa teritorialnega sodelovanja.",
        "de": "Beispiel eines Fördervermerks: kofinanziert von der Europäischen Union aus einem Programm der territorialen Zusammenarbeit.",
    },
)

PROBLEM = """
# Who is concerned

About *every fifth* patient over 75. The home-care nurse calls the ward, the ward looks for the physician, and the
physician is in the theatre. By the time the letter is found, the nurse has been to the patient twice without knowing
which medicines were changed, and the patient has taken both the old and the new ones.

### What was tried before

- a fax, which nobody reads
- a portal with **four** passwords

| Way | Days |
|---|--:|
| Fax | 3 |
| Portal | 2 |
"""

_TASKS = (
    Task(key=1, label="Ethics vote", start=date(2026, 2, 2), due=date(2026, 3, 15), percent=100, state="done"),
    Task(key=2, label="Nachsorgedokumentationsvereinheitlichung mit den Hauskrankenpflegediensten", start=date(2026, 3, 16),
         due=date(2026, 5, 31), percent=40, state="doing", depends_on=(1,)),
    Task(key=3, label="Training of the home-care teams", start=date(2026, 6, 1), due=date(2026, 7, 15), depends_on=(2,)),
    Task(key=4, label="Data agreement between the hospitals", start=date(2026, 3, 1), due=date(2026, 4, 10), percent=70,
         state="doing", depends_on=(1,)),
    Task(key=5, label="Second device type", start=date(2026, 6, 10), due=date(2026, 8, 1), state="dropped"),
)  # fmt: skip


def colophon(language: str, *, cover: bool = False) -> Colophon:
    """The colophon of the specimen."""
    return Colophon(
        kind="Action plan",
        title={
            "en": "Discharge letters that reach the home-care nurse the same day",
            "sl": "Odpustno pismo, ki patronažno sestro doseže še isti dan",
            "de": "Entlassungsmanagement: Pflegeüberleitungsdokumentation erreicht die Hauskrankenpflege am selben Tag",
        },
        subtitle={"en": "A pilot of two hospitals and three home-care services",
                  "sl": "Pilotni preizkus dveh bolnišnic in treh služb za pomoč na domu",
                  "de": "Ein Pilotversuch zweier Krankenhäuser und dreier Hauskrankenpflegedienste"},
        code="" if cover else "P-012",
        language=language,
        version=3,
        checksum="9f2c1a7b04e85d3360c1",
        created=date(2026, 5, 2),
        draft=True,
        example=True,
        publisher="Example lab",
    )  # fmt: skip


def specimen(language: str, *, cover: bool = False) -> str:
    """The HTML of the specimen in a language."""
    reader = Reader(language=language, main="en", zone="Europe/Ljubljana")
    return render("documents/_shared/specimen.html", reader, **view(reader, cover=cover))


def view(reader: Reader, *, cover: bool) -> dict[str, object]:
    """Everything that the specimen prints."""
    filters = environment(reader).filters
    day, number, percent, word = filters["day"], filters["number"], filters["percent"], filters["word"]
    measured = (
        Measured(on=date(2026, 3, 1), value=46, low=38.2, high=53.9),
        Measured(on=date(2026, 4, 1), value=38, low=30.9, high=45.4),
        Measured(on=date(2026, 5, 1), value=29.5, low=23, high=36.8),
    )
    baseline = Measured(on=date(2026, 1, 15), value=52, low=44, high=59.9)
    scores = (
        Score(label="Benefit for patients", value=4.3, low=4, high=5),
        Score(label="Zusammenarbeitsbereitschaft der Organisationen", value=3.0, low=1, high=4),
        Score(label="Cost", value=2.7, low=2, high=3),
        Score(label="Technical maturity", value=3.7, low=3, high=4),
        Score(label="Legal feasibility", value=4.0, low=4, high=4),
        Score(label="Prenosljivost v drugo državo", value=3.3, low=3, high=4),
    )
    codes = [f"P-{number:03}" for number in range(1, 13)]
    return {
        "document": colophon(reader.language, cover=cover),
        "look": LOOK,
        "cover": cover,
        "contents": [
            Facts(href=f"#{key}", title=title, level=1 if code == "" else 2, code=code, page=None)
            for key, title, code in (
                ("agenda", "What happens next", ""), ("checklist", "Checklist of the gate", "P-012"),
                ("plan", "Action items", "P-012"), ("scores", "Scores", "P-012"),
                ("results", "Results against target", ""), ("texts", "The problem", "P-012"),
                ("people", "Who took part", "P-012"), ("portfolio", "Portfolio", ""),
            )
        ],
        "track": [
            Facts(title="Idea", state="done", note={"en": "12 Jan 2026"}),
            Facts(title="Evaluation", state="done", note={"en": "1 Mar 2026"}),
            Facts(title="Trial", state="current", note=""),
            Facts(title="Implementation", state="next", note=""),
            Facts(title="Handbook", state="next", note=""),
        ],
        "facts": [
            ("Lead", "Regional hospital, example", "wide"),
            ("Test arena", "Geriatric ward, example", "wide"),
            ("Budget", filters["money"](Decimal(148500), "EUR"), "figure"),
            ("Countries", filters["listing"]([filters["country"]("SI"), filters["country"]("AT")])),
            ("Starts", day(date(2026, 2, 2))),
            ("Ends", day(date(2026, 9, 30))),
        ],
        "agenda": [
            Facts(title="Enter the measurements of April", detail="Two indicators lack a value.", who="Coordinator, example lab",
                  due=date(2026, 5, 8), state="open"),
            Facts(title="Vote at the gate", detail="", who="Board member, example region", due=date(2026, 4, 28), state="late"),
            Facts(title="Datenschutzfolgenabschätzungsaktualisierung", detail="", who="Data protection officer, example hospital",
                  due=date(2026, 6, 1), state="next"),
            Facts(title="Start the trial", detail="", who="pilotkit", due=None, state="done"),
        ],
        "checklist": [
            Facts(title="Consent of the patients", verdict="met", evidence="Consent form, version 2", legal=True, country="SI",
                  by="Data protection officer, example hospital", on=date(2026, 3, 2)),
            Facts(title="Ethics vote", verdict="not applicable", evidence="No intervention", legal=True, country="AT",
                  by="Ethics committee, example", on=date(2026, 3, 9)),
            Facts(title="Indicators with baseline and target", verdict="open", evidence="", legal=False, country="", by="", on=None),
            Facts(title="Test arena booked", verdict="waived", evidence="The ward is the applicant's own", legal=False, country="",
                  by="Coordinator, example lab", on=date(2026, 3, 9)),
        ],
        "today": date(2026, 5, 2),
        "tasks": _TASKS,
        "bookings": (
            Span(label="Geriatric ward, example", start=date(2026, 3, 20), due=date(2026, 5, 20)),
            Span(label="Home-care unit, example", start=date(2026, 6, 1), due=date(2026, 6, 25), confirmed=False),
        ),
        "task_rows": [(t.label, day(t.start, "medium"), day(t.due, "medium"), percent(t.percent / 100), word(t.state)) for t in _TASKS],
        "scores": scores,
        "score_rows": [(s.label, number(s.value, decimals=1), number(s.high - s.low, decimals=1)) for s in scores],
        "target": 25,
        "baseline": baseline,
        "measurements": measured,
        "measured_rows": [(day(m.on), number(m.value, decimals=1), f"{number(m.low)} – {number(m.high)}") for m in (baseline, *measured)],
        "texts": {
            "summary": {
                "en": "Patients go home on Friday; the letter arrives on Tuesday. The pilot sends it on the day of discharge.",
                "sl": "Bolniki gredo domov v petek, pismo pride v torek. Preizkus ga pošlje na dan odpusta.",
                "de": "Patientinnen und Patienten gehen am Freitag heim, der Brief kommt am Dienstag. Der Pilotversuch verschickt ihn am Tag der Entlassung.",
            },
            "indicator": {"en": "Letters that arrive after the first home visit", "sl": "Pisma, ki prispejo po prvem obisku",
                          "de": "Briefe, die erst nach dem ersten Hausbesuch eintreffen"},
            "problem": dict.fromkeys(("en", "sl", "de"), PROBLEM),
            "foreign": {"sv": "Det här stycket finns bara på svenska: verksamheten beskriver sitt arbete med egna ord, och ingen har översatt det ännu."},
        },
        "people": [
            ("lead", [Facts(name={"en": "Regional hospital, example"}, country="SI", detail="provider")]),
            ("partner", [Facts(name={"en": "University of applied sciences, example"}, country="AT", detail="academia"),
                         Facts(name={"en": "Home-care association, example"}, country="AT", detail="provider")]),
            ("test site", [Facts(name={"en": "Geriatric ward, example"}, country="SI", detail="provider")]),
        ],
        "codes": codes,
        "matrix": [
            ("Regional hospital, example", dict.fromkeys(codes[::3], "lead")),
            ("University of applied sciences, example", dict.fromkeys(codes[1::2], "partner")),
            ("Home-care association, example", dict.fromkeys(codes[::4], "test site")),
            ("Patients' organisation, example", {codes[5]: "mentor", codes[7]: "funder", codes[9]: "supplier"}),
        ],
        "funnel": {"Idea": 24, "Evaluation": 15, "Trial": 9, "Implementation": 4, "Handbook": 2},
        "areas": {"Digitalisation": 11, "Excellent knowledge": 7, "Cooperation models and Tech & Innovation Labs": 6},
    }  # fmt: skip
