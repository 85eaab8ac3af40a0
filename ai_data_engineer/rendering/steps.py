"""`steps.py` and `quality.py` of a project: what becomes of the rows, and what must hold."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from ai_data_engineer.rendering.python_source import docstring, identifiers, render_python
from ai_data_engineer.rendering.quality import expectation_code
from ai_data_engineer.rendering.suite import expectations_by_place
from ai_data_engineer.spec.code import Code, StepCode, code, join, lit
from ai_data_engineer.spec.code_tree import code_tree
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import Step
from ai_data_engineer.spec.propagation import execution_order
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.spec import PipelineSpec

Schemas = Mapping[str, Schema]


@dataclass(frozen=True)
class StepFunction:
    """A step as a function of `steps.py`."""

    step: Step
    function: Code
    parameters: Code
    returns: Code
    docstring: Code
    before: tuple[Code, ...]
    result: Code
    sets_aside: bool
    """Whether it returns the rejects too."""
    purpose: str
    """What the step does, in a sentence."""


def step_functions(spec: PipelineSpec, schemas: Schemas) -> list[StepFunction]:
    """Return the functions in the order in which they can run.

    `schemas` are the columns behind each source and step, as `propagate` tells them.
    """
    steps: list[Step] = spec.steps
    functions = identifiers(step.id for step in steps)
    ordered = [steps[index] for index in execution_order(spec, Findings())]
    return [_function(step, functions[step.id], schemas) for step in ordered]


def _function(step: Step, function: Code, schemas: Schemas) -> StepFunction:
    parameters = _parameters(step.inputs)
    written = step.polars(parameters, [schemas[i] for i in step.inputs])
    if clashing := _assigned(written) & set(parameters):
        # An operator's own variable has the name of an input: the input gives way.
        parameters = _parameters(step.inputs, clashing)
        written = step.polars(parameters, [schemas[i] for i in step.inputs])
    frame = Code("pl.LazyFrame")
    result = written.result
    if written.rejects is not None:
        frame = Code("tuple[pl.LazyFrame, pl.LazyFrame]")
        result = code("{kept}, {rejects}", kept=result, rejects=written.rejects)
    about = purpose(step)
    return StepFunction(
        step=step,
        function=function,
        parameters=join(code("{p}: pl.LazyFrame", p=p) for p in parameters),
        returns=frame,
        docstring=docstring(about),
        before=written.before,
        result=result,
        sets_aside=written.rejects is not None,
        purpose=about,
    )


def _parameters(inputs: list[str], reserved: set[str] | frozenset[str] = frozenset()) -> list[Code]:
    """Return a name for each input; one that is taken twice gets a number."""
    distinct = [i if i not in inputs[:n] else f"{i}_{n + 1}" for n, i in enumerate(inputs)]
    names = identifiers(distinct, reserved)
    return [names[i] for i in distinct]


def _assigned(written: StepCode) -> set[str]:
    """Return the names that the statements before the result give a value."""
    nodes = [n for statement in written.before for n in ast.walk(code_tree(statement))]
    stored = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return stored | {n.name for n in nodes if isinstance(n, ast.FunctionDef)}


def purpose(step: Step) -> str:
    """Return what a step is for: its note, else the first sentence of its operator's docstring."""
    if step.note:
        return step.note
    text = " ".join((type(step).__doc__ or step.op).split())
    return text.split(". ")[0].rstrip(".") + "."


def render_steps(functions: list[StepFunction], package: str, *, tidied: bool = True) -> str:
    """Return `steps.py`."""
    return render_python("steps.py.jinja", package, tidied=tidied, steps=functions)


def render_quality(
    spec: PipelineSpec, schemas: Schemas, package: str, *, tidied: bool = True
) -> str:
    """Return `quality.py`; raises SpecError for an expectation that cannot be told."""
    inputs = {output.id: output.input for output in spec.outputs}
    places = [
        {
            "id": lit(place),
            "rules": [
                expectation_code(e, rule, schemas[place if place in schemas else inputs[place]])
                for rule, e in rules
            ],
        }
        for place, rules in expectations_by_place(spec).items()
    ]
    return render_python("quality.py.jinja", package, tidied=tidied, places=places)
