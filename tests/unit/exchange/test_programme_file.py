"""A programme's file: read whole, refused with every fault and its line."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from pilotkit.domain.errors import Invalid, NotFound
from pilotkit.domain.programme import Role
from pilotkit.exchange.programme_file import BadProgramme, parse_programme, read_programme

SMALL = Path(__file__).resolve().parents[2] / "data" / "programmes" / "small.toml"


def text() -> str:
    return SMALL.read_text(encoding="utf-8")


def faults(changed: str) -> dict[str, str]:
    with pytest.raises(BadProgramme) as refused:
        parse_programme(changed, source="programme.toml")
    return {fault.place: str(fault.reason) for fault in refused.value.faults}


def test_everything_is_read() -> None:
    found = read_programme(SMALL)
    setup = found.setup
    assert (setup.key, setup.prefix, setup.languages) == ("ex", "P", ("en", "sl", "de"))
    assert setup.title == {"en": "Integrated care, example", "sl": "Integrirana oskrba, primer"}
    assert setup.example
    assert [area.key for area in setup.areas] == ["digi"]
    assert [organisation.country for organisation in setup.organisations] == ["SI", "AT", "SI"]
    assert setup.people[0].roles == {Role.COORDINATOR}
    assert setup.arenas[0].capacity == 2
    assert setup.funded_project is not None
    assert setup.funded_project.grant == Decimal("1000000.50")
    assert (setup.funded_project.starts, setup.funded_project.ends) == (date(2024, 1, 1), None)
    assert found.process_source.endswith("standard.toml")
    assert "[[stages]]" in found.process


@pytest.mark.parametrize(
    ("old", "new", "place", "reason"),
    [
        ('key = "ex"', "", "key", "is missing"),
        ('key = "ex"', "key = 5", "key", "must be text"),
        ('key = "ex"', 'key = "My key"', "key", "lower-case letters"),
        ('prefix = "P"', 'prefix = "P-"', "prefix", "capital letters"),
        ('prefix = "P"', 'prefix = "P"\ncolour = "red"', "colour", "no key of a programme's file"),
        ('prefix = "P"', 'prefix = "P"\naccent = "red"', "accent", "colour"),
        ("first_year = 2024", 'first_year = "soon"', "first_year", "whole number"),
        ("last_year = 2028", "last_year = 2020", "last_year", "before first_year"),
        ("example = true", 'example = "perhaps"', "example", "true or false"),
        ('["en", "sl", "de"]', '"en"', "languages", "must be a list"),
        ('["en", "sl", "de"]', "[]", "languages", "at least one"),
        ('["en", "sl", "de"]', '["en", "sl", "en"]', "languages[2]", "stands twice"),
        ('["SI", "AT"]', '["Slovenia"]', "countries[0]", "two letters"),
        ("Europe/Ljubljana", "Europe/Atlantis", "zone", "no time zone"),
        ('sl = "Integrirana oskrba, primer"', 'fr = "Soins"', "title.fr", "none of the programme's languages"),
        ('en = "Care that crosses the border."', "en = 1", "vision.en", "must be text"),
        ('kind = "provider"', 'kind = "hospital"', "organisations[0].kind", "none of provider"),
        ('roles = ["coordinator"]', 'roles = ["boss"]', "people[0].roles[0]", "none of submitter"),
        ('roles = ["coordinator"]', "roles = []", "people[0].roles", "at least one"),
        ("e1@example.org", "e2@example.org", "people[2].email", "stands twice"),
        ("e1@example.org", "somebody", "people[1].email", "e-mail address"),
        ("capacity = 2", "capacity = 0", "arenas[0].capacity", "at least 1"),
        ("starts = 2024-01-01", 'starts = "soon"', "funded_project.starts", ""),
        ("starts = 2024-01-01", "starts = 2024-01-01\nends = 2023-01-01", "funded_project.ends", "before starts"),
        ('reference = "EX-1"', "", "funded_project.reference", "is missing"),
    ],
)
def test_a_fault_is_told_with_its_place(old: str, new: str, place: str, reason: str) -> None:
    assert old in text()
    found = faults(text().replace(old, new, 1))
    assert reason in found[place]


def test_every_fault_is_told_with_its_line() -> None:
    changed = text().replace('kind = "provider"', 'kind = "hospital"').replace("capacity = 2", "capacity = 0")
    with pytest.raises(BadProgramme) as refused:
        parse_programme(changed, source="programme.toml")
    lines = changed.splitlines()
    assert [lines[fault.line - 1].split(" = ")[0] for fault in refused.value.faults] == ["kind", "capacity"]
    told = str(refused.value)
    assert "programme.toml cannot be used. Faults: 2" in told
    assert f"line {refused.value.faults[0].line}: organisations[0].kind" in told


def test_its_process_stands_beside_it_or_comes_with_pilotkit(tmp_path: Path) -> None:
    file = tmp_path / "programme.toml"
    file.write_text('process = "own.toml"\n' + text(), encoding="utf-8")
    with pytest.raises(NotFound, match=r"own\.toml"):
        read_programme(file)
    (tmp_path / "own.toml").write_text("key = 'own'", encoding="utf-8")
    assert read_programme(file).process == "key = 'own'"


@pytest.mark.parametrize("name", ["../standard", "/etc/passwd/x", "standard.toml/..", ""])
def test_a_process_that_is_nowhere(tmp_path: Path, name: str) -> None:
    file = tmp_path / "programme.toml"
    file.write_text(f'process = "{name}"\n' + text(), encoding="utf-8")
    with pytest.raises(NotFound):
        read_programme(file)


@pytest.mark.parametrize("content", ["key = ", "[title", "a = [" * 2000])
def test_no_toml(content: str) -> None:
    with pytest.raises(Invalid, match="is no TOML"):
        parse_programme(content, source="programme.toml")
