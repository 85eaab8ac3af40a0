"""docs/errors.md has every code that there is, and no other."""

import ast
import re
from collections import Counter
from pathlib import Path

from ai_data_engineer.profiling.warning_codes import WARNINGS

ROOT = Path(__file__).parent.parent
CODE = re.compile(r"\b[EW]_[A-Z][A-Z0-9_]+\b")
PAGE = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| `")
]


def in_source() -> set[str]:
    """Return the codes in string literals; docstrings only mention them."""
    found: set[str] = set()
    for package in ("ai_data_engineer", "blocks", "deployments", "flows", "tasks"):
        for path in (ROOT / package).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            mentions = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
            for node in ast.walk(tree):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found |= set() if id(node) in mentions else set(CODE.findall(node.value))
    return found


def test_every_code_has_a_row_and_every_row_a_code() -> None:
    documented = Counter(row[0].strip("`") for row in ROWS)
    written = in_source()

    assert sorted(written - set(documented)) == []
    assert sorted(set(documented) - written) == []
    assert [code for code, count in documented.items() if count > 1] == []


def test_each_row_says_what_it_means_and_how_to_mend_it() -> None:
    for row in ROWS:
        assert len(row) == 3, row
        assert all(cell.endswith(".") for cell in row[1:]), row


def test_warnings_of_a_profile_mean_what_the_profile_says() -> None:
    documented = {row[0].strip("`"): row[1] for row in ROWS}

    assert {code: documented.get(code) for code in WARNINGS} == WARNINGS
