"""What every operator is: a model, a rule for the columns, polars code, and SQL.

An operator lives in one module of this package; `registry` finds it. It subclasses `Step`, sets
`op` to a Literal, says what it does to the number of rows, and implements `propagate`, `polars`
and `sql`.
"""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from ai_data_engineer.document import Document
from ai_data_engineer.spec.code import Code, StepCode
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql.dialect import Dialect
from ai_data_engineer.spec.sql.relations import Relation, StepSql

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
"""Lower case, digits, underscores; begins with a letter; at most 63 characters."""
ColumnName = Annotated[str, Field(max_length=255, pattern=r"^([^*^_]|_([^_]|$))")]
"""Any text that does not begin with `*` or `^` (patterns to polars) or `__` (ours in a step)."""
Columns = Annotated[list[ColumnName], Field(min_length=1)]
Expression = Annotated[str, Field(min_length=1, max_length=4000, examples=["amount * 1.2"])]
"""A SQL scalar expression over the columns at the step."""
Value = bool | int | float | str
"""A constant. Decimals, dates, times, datetimes are written as text: `"1.50"`, `"2024-01-31"`."""
OnError = Literal["null", "fail", "quarantine"]
"""What becomes of a value that does not convert: null; the run fails; its row is set aside."""

RowEffect = Literal["keeps", "removes", "reshapes"]
"""`keeps`: rows out + rejected = rows in. `removes`: rows go on purpose. `reshapes`: the number of
rows out says nothing about rows lost (aggregate, join, explode, …)."""


class SortKey(Document):
    """A column to order by. Nulls come last in both directions."""

    column: ColumnName
    """Column whose values order the rows."""
    descending: bool = False
    """Whether the greatest comes first."""


class Step(Document):
    """One step of a spec."""

    id: Identifier
    """Name of the step and of its result; later steps take it as an input."""
    op: str
    inputs: list[Identifier] = Field(min_length=1)
    """Ids of the sources or steps whose rows it takes."""
    note: str = Field("", max_length=500)
    """Why the step is there, for whoever reviews the spec."""

    rows: ClassVar[RowEffect] = "keeps"
    input_count: ClassVar[tuple[int, int | None]] = (1, 1)
    """Fewest and most inputs; None: no upper bound."""
    looks_up: ClassVar[bool] = False
    """Whether the inputs behind the first are only compared with: no row of theirs goes on."""
    examples: ClassVar[list[dict[str, Any]]] = []
    """Parameters, without id and inputs, that stand in the schema, the documentation, the tests."""

    @property
    def bringing(self) -> list[str]:
        """The inputs whose rows go on; what else there is, is looked up."""
        return self.inputs[:1] if self.looks_up else self.inputs

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        """Return the columns behind this step, or None after adding errors that leave them unknown.

        `findings` stands at this step's own place in the spec.
        """
        raise NotImplementedError

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        """Return the step as polars code over LazyFrames named by `inputs`.

        Only called for a step whose `propagate` added no error. The code may use `pl`, `dt`
        (datetime), `Decimal`, `hashlib`, `hmac` and `os`, and nothing else. A statement in
        `before` may span several lines (a nested function); its literals never hold a line end.
        """
        raise NotImplementedError

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        """Return the step as queries over the relations that its inputs are.

        Only called for a step whose `propagate` added no error. The result has the columns that
        `propagate` tells, then the hidden ones of its order.
        """
        raise NotImplementedError
