from __future__ import annotations

import jinja2
import pytest

from ai_data_engineer.rendering.python_source import (
    check,
    docstring,
    identifiers,
    render_python,
    tidy,
)


def test_a_template_takes_code_and_nothing_else() -> None:
    place = {"id": "not code", "rules": []}
    with pytest.raises(TypeError, match="str in a template of code"):
        render_python("quality.py.jinja", "orders", places=[place])


def test_a_template_misses_no_part() -> None:
    with pytest.raises(jinja2.UndefinedError):
        render_python("quality.py.jinja", "orders")


@pytest.mark.parametrize(
    "source",
    [
        "import subprocess",
        "import os\nos.system('x')",
        "from os import system",
        "import os.path as pl",
        "from subprocess import run",
        "from . import x",
        "from orders2.x import y",
        "eval('1')",
        "().__class__",
        "__import__('os')",
        "open('x')",
    ],
)
def test_code_that_we_would_not_write_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match=r"^(an? (relative )?import|the (name|attribute))"):
        check(source, "orders")


def test_what_we_write_is_let_through() -> None:
    check(
        "import polars as pl\nfrom orders.io.x import y\nz = pl.col('a').str.len_chars()", "orders"
    )


def test_code_is_formatted_and_unused_imports_go() -> None:
    assert tidy("import datetime as dt\nx = { 'a':1 }\n", "orders") == 'x = {"a": 1}\n'


@pytest.mark.parametrize("text", ['a"""b', "a\\", 'ends "', "a\u202eb", ""])
def test_a_docstring_cannot_end_early(text: str) -> None:
    namespace: dict[str, object] = {}
    exec(f"def f():\n    {docstring(text)}\n", namespace)

    assert namespace["f"].__doc__ == text  # type: ignore[attr-defined]


def test_names_of_python_get_an_underscore() -> None:
    names = identifiers(["class", "pl", "sum", "orders", "orders_"], reserved=["orders"])

    assert list(names.values()) == ["class_", "pl_", "sum_", "orders_", "orders__"]
