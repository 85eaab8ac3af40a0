"""Which language and which prompt an answer belongs to, told by what they say: nobody has to count.

A cached answer is worth something only while both are the same.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache

from ai_data_engineer.profiling.profile import (
    Cadence,
    ColumnProfile,
    FileProfile,
    FunctionalDependency,
    Records,
    Reference,
    RepeatedColumns,
    ValueCount,
)
from ai_data_engineer.spec.expectations.registry import all_expectations
from ai_data_engineer.spec.expressions.registry import all_functions
from ai_data_engineer.spec.findings import Finding
from ai_data_engineer.spec.operators.registry import all_operators
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.prompt.composing import question
from ai_data_engineer.specifying.prompt.mending import Repair
from ai_data_engineer.types import INT64


@cache
def language_version() -> str:
    """Return a digest of what may be said: operators, functions, expectations.

    A spec that was written for another version may no longer be valid, or mean the same.
    """
    said = {
        "operators": {op: model.model_json_schema() for op, model in all_operators().items()},
        "functions": {name: f.signature for name, f in all_functions().items()},
        "expectations": {name: kind.schema for name, kind in all_expectations().items()},
    }
    return _digest(json.dumps(said, sort_keys=True))


@cache
def prompt_version() -> str:
    """Return a digest of what is sent about a made-up source, in full and in brief, and mended."""
    step = {"id": "a", "op": "limit", "inputs": ["made_up"], "n": 1}
    finding = Finding(code="E_TYPE", pointer="/steps/0", message="A message.")
    texts = []
    for context, goal in ((200_000, "of jane@example.com"), (4096, "")):
        author = Author(provider="openai", context_tokens=context)
        for repair in (None, Repair({"steps": [step]}, {"steps": [step]}, [finding])):
            asked = question([("made_up", _made_up())], goal, author, repair=repair).question
            texts += [asked.system, asked.prompt, json.dumps(asked.schema)]
    return _digest("\n".join(texts))


def _made_up() -> FileProfile:
    """Return a profile with something of all that is told of one."""
    column = ColumnProfile(
        name="a",
        source_name="An Ä",
        type=INT64,
        nullable=True,
        null_count=1,
        unparsed_count=1,
        unit="kg",
        distinct_count=2,
        shapes=(ValueCount(value="9", count=2),),
        semantic="measure",
        monotonic="increasing",
        cadence=Cadence(name="daily", period="P1D", is_regular=True, median_seconds=86_400),
    )
    return FileProfile(
        uri="made_up.csv",
        name="made_up",
        format="csv",
        size_bytes=1,
        bytes_read=1,
        digest="0",
        records=Records(read=3, total=3, total_is_exact=True),
        columns=(column, *(column.model_copy(update={"name": f"b_{n}"}) for n in range(20))),
        candidate_keys=(("a",),),
        functional_dependencies=(FunctionalDependency(determinant="a", dependent="b_1"),),
        repeated_columns=(RepeatedColumns(columns=("a", "b_1"), kind="identical"),),
        references=(Reference(column="a", source="made_up", source_column="a", containment=1.0),),
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
