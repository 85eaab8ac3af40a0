"""Whatever a name or a text looks like, in a project it is a literal, a docstring or plain text."""

from __future__ import annotations

import ast
import io
import json
import tokenize
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ai_data_engineer.packaging.archive import check_names
from ai_data_engineer.rendering.compiled import CompiledPipeline
from ai_data_engineer.rendering.project import render
from ai_data_engineer.rendering.runtime.sql_text import queries, tokens
from ai_data_engineer.rendering.sql_script import DIALECTS, sql_script
from ai_data_engineer.spec.dateformat import escape_pattern
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.propagation import propagate
from ai_data_engineer.spec.spec import PipelineSpec

pytestmark = pytest.mark.bundle

MARK = "zqx"
"""Stands in every hostile text, and nowhere else."""
HOSTILE = [
    '"""\nimport os; os.system(\'zqx\')\n"""',
    "'''zqx\\",
    '"); __import__("os").system("zqx") #',
    "zqx\\",
    'zqx"',
    "zqx\nimport zqx\n",
    "# zqx\r\x0b\x0c\x1c\x85\u2028import zqx",
    "{zqx}{0}}}{{ zqx }}{% zqx %}{# zqx #}",
    "${zqx}$(zqx)`zqx`",
    "<script>zqx</script><!-- zqx -->&lt;",
    "```\nzqx\n```mermaid\nclick n_raw zqx",
    "[zqx](javascript:zqx) ![zqx](http://zqx) <http://zqx.example>",
    "| zqx | **zqx** __zqx__ ~~zqx~~",
    "# zqx\n===\n- zqx\n1. zqx\n> zqx\n    zqx",
    "zqx: !!python/object/apply:os.system [zqx]\n- *zqx &zqx",
    "]\nzqx = 'zqx'\n[zqx",
    "%zqx %s %(zqx)s",
    "\u202ezqx\u2066\ufeff\x00\x1b[2J\x7f",
    "ž𝔷zqx\U0001f600",
]
SOME = st.text(min_size=1, max_size=30).map(lambda text: f"{text}'{MARK}\"{text}")


def hostile_spec(text: str) -> PipelineSpec:
    """Return a spec with the text wherever a text may stand."""
    name = f"c{text}"
    nulls = {"null_tokens": [text, f"{text}2"]}
    column = {"source_name": text, "path": [text], "pii": text}
    columns = [
        {**column, "name": name, "type": "string", "parse": nulls},
        {**column, "name": f"{name}1", "type": "date", "parse": {**nulls, "date_format": _format(text)}},
        {**column, "name": f"{name}2", "type": "boolean", "parse": {"true_tokens": [text], "false_tokens": ["x"]}},
        {**column, "name": f"{name}3", "type": "float64", "parse": {"prefix": text[:8], "suffix": text[-8:]}},
    ]  # fmt: skip
    dialect = {"delimiter": text[:4], "quote": text[0], "escape": text[-1], "comment": text[:4]}
    quoted = "'" + text.replace("'", "''") + "'"
    column_sql = '"' + name.replace('"', '""') + '"'
    nested = f'struct<"{text.replace(chr(34), chr(34) * 2)}": list<string>>'
    return PipelineSpec.model_validate(
        {
            "name": "orders",
            "description": text,
            "assumptions": [text],
            "sources": [
                {"id": "raw", "uri": f"{text}.csv", "format": "csv", "encoding": text, "dialect": dialect, "columns": columns},
                {"id": "more", "uri": text, "format": "json", "encoding": text, "record_path": f"/{text}", "columns": [{**column, "name": name, "type": nested}]},
            ],
            "steps": [
                {"id": "one", "op": "filter", "inputs": ["raw"], "where": f"{column_sql} = {quoted}", "note": text},
                {"id": "two", "op": "derive", "inputs": ["one"], "columns": {f"{name}4": f"{column_sql} || {quoted}"}, "note": text},
                {"id": "three", "op": "map_values", "inputs": ["two"], "column": name, "mapping": {text: name}, "note": text},
                {"id": "four", "op": "quarantine", "inputs": ["three"], "where": f"{column_sql} = 'x'", "reason": text},
            ],
            "outputs": [
                {"id": "orders", "input": "four", "path": "orders.parquet", "mode": "upsert", "keys": [name], "partition_by": [f"{name}1"]},
                {"id": "others", "input": "more", "path": "others.ndjson", "format": "ndjson"},
            ],
            "expectations": [
                {"on": "orders", "type": "expect_column_values_to_be_in_set", "kwargs": {"column": name, "value_set": [text]}, "note": text},
                {"on": "orders", "type": "expect_column_values_to_match_regex", "kwargs": {"column": name, "regex": escape_pattern(text)}},
                {"on": "orders", "type": "expect_column_values_to_match_like_pattern", "kwargs": {"column": name, "like_pattern": text}},
                {"on": "orders", "type": "expect_table_columns_to_match_set", "kwargs": {"column_set": [text]}},
            ],
            "schedule": {"cron": text, "timezone": text},
            "trigger": {"pattern": text},
        }
    )  # fmt: skip


def _format(text: str) -> str:
    return f"{text[:40].replace('%', '%%')}%Y-%m-%d"


def files_of(text: str) -> tuple[PipelineSpec, dict[str, str]]:
    """Render the hostile spec; the data are no part of it."""
    spec = hostile_spec(text)
    return spec, {name: data.decode() for name, data in render(spec, []).items()}


def assert_only_data(text: str) -> None:
    spec, files = files_of(text)
    check_names(list(files))
    for name, content in files.items():
        if name.endswith(".py"):
            assert_mark_is_only_in_literals(content)
        elif name.endswith(".json"):
            json.loads(content)
    assert PipelineSpec.from_json(files["spec.json"]) == spec
    assert_yaml_holds_the_text(files, spec)
    described = tomllib.loads(files["pyproject.toml"])["project"]["description"]
    assert described == " ".join(text.split())
    assert_readme_is_plain(files["README.md"])
    assert_mark_is_quoted(spec)
    CompiledPipeline(spec, propagate(spec, Findings()))


def assert_mark_is_only_in_literals(source: str) -> None:
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Constant):
            words = [value for _, value in ast.iter_fields(node) if isinstance(value, str)]
            assert MARK not in "".join(words), ast.dump(node)[:200]
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        assert token.type != tokenize.COMMENT or MARK not in token.string


def assert_mark_is_quoted(spec: PipelineSpec) -> None:
    """In SQL a text stands in quotes or in a comment that ends where its line does."""
    output = spec.outputs[0].model_copy(update={"input": "two"})
    short = spec.model_copy(update={"steps": spec.steps[:2], "outputs": [output]})
    for engine in DIALECTS:
        script = sql_script(short, propagate(short, Findings()), engine).text
        assert list(queries(script, engine)) == ["one", "two", "_output__orders"]
        for part in tokens(script, engine):
            assert MARK not in part or part.startswith(("--", "'", '"', "`")), part


def assert_yaml_holds_the_text(files: dict[str, str], spec: PipelineSpec) -> None:
    (deployment,) = yaml.safe_load(files["prefect.yaml"])["deployments"]
    assert spec.schedule is not None
    assert spec.trigger is not None
    assert deployment["schedules"][0]["cron"] == spec.schedule.cron
    assert deployment["schedules"][0]["timezone"] == spec.schedule.timezone
    matched = deployment["triggers"][0]["match"]["prefect.resource.id"]
    assert matched.endswith("*")
    assert spec.trigger.pattern.removeprefix("!").startswith(matched[:-1])
    contract = yaml.safe_load(files["contracts/orders.odcs.yaml"])
    assert contract["description"]["purpose"] == spec.description
    found = [column["name"] for column in contract["schema"][0]["properties"]]
    assert found[:4] == [column.name for column in spec.sources[0].columns]
    assert MARK not in files[".github/workflows/ci.yml"] + files["Dockerfile"]
    assert MARK not in files[".env.example"]


def assert_readme_is_plain(readme: str) -> None:
    tokens = list(_flat(MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(readme)))
    assert not {"html_inline", "html_block", "image", "link_open", "s_open"} & {
        t.type for t in tokens
    }
    assert [t.info for t in tokens if t.type in ("fence", "code_block")] == ["mermaid", "sh", "sh"]
    assert MARK not in next(t.content for t in tokens if t.type == "fence")
    assert MARK not in "".join(t.content for t in tokens if t.type == "code_inline")
    assert sum(t.type == "heading_open" for t in tokens) == 11
    assert sum(t.type == "table_open" for t in tokens) == 4


def _flat(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _flat(token.children or [])


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_text_is_only_data(text: str) -> None:
    assert_only_data(text)


@pytest.mark.slow
@settings(
    max_examples=5,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # a smaller text says no more
    suppress_health_check=[HealthCheck.too_slow],
)
@given(text=SOME)
def test_any_text_is_only_data(text: str) -> None:
    assert_only_data(text)


def test_a_name_that_python_has_is_the_same_in_readme_and_code() -> None:
    spec = hostile_spec("zqx").model_copy(update={"name": "list"})
    files: dict[str, Any] = render(spec, [])
    assert "src/list_/__main__.py" in files
    assert "`python -m list_ run --output out`" in files["README.md"].decode()
