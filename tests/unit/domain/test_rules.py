"""docs/rules.md names tests that are there."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_every_proof_in_the_docs_is_a_test() -> None:
    named = re.findall(r"`(test_\w+)::(test_\w+)`", (ROOT / "docs" / "rules.md").read_text(encoding="utf-8"))
    there = {
        (file.stem, part.name)
        for file in (ROOT / "tests").rglob("test_*.py")
        for part in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(part, ast.FunctionDef)
    }
    assert named
    assert sorted(set(named) - there) == []
