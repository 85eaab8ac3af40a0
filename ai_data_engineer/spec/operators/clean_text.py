"""clean_text: blanks, case and empty texts."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from ai_data_engineer.parsing import TRIMMED
from ai_data_engineer.spec.code import Code, StepCode, code, lit, null_unless
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.operators.base import Columns, Step
from ai_data_engineer.spec.operators.checking import columns_of, nullable
from ai_data_engineer.spec.operators.writing import names
from ai_data_engineer.spec.regex import parse, replacement
from ai_data_engineer.spec.schema import Schema
from ai_data_engineer.spec.sql.dialect import Dialect, Sql
from ai_data_engineer.spec.sql.relations import Relation, StepSql, row_wise

CASES = {
    "lower": Code("str.to_lowercase"),
    "upper": Code("str.to_uppercase"),
    "title": Code("str.to_titlecase"),
}


class CleanText(Step):
    """Trim text, collapse blanks, set its case, and make empty text null, in this order.

    Blanks are the blank, tab, carriage return and line feed. Title case makes the first letter of
    every run of letters and digits upper case and the others lower.
    """

    op: Literal["clean_text"] = "clean_text"
    columns: Columns | None = None
    """Text columns to clean; left out: all of them."""
    trim: bool = True
    """Remove blanks at both ends."""
    collapse_blanks: bool = False
    """Make every run of blanks one blank."""
    case: Literal["lower", "upper", "title"] | None = None
    """Case to set; left out: as it is."""
    empty_to_null: bool = True
    """Make text that is empty in the end null."""

    examples: ClassVar[list[dict[str, Any]]] = [
        {},
        {"columns": ["email"], "case": "lower"},
    ]

    def propagate(self, inputs: list[Schema], findings: Findings) -> Schema | None:
        if not (self.trim or self.collapse_blanks or self.case or self.empty_to_null):
            findings.error(
                "E_PARAMETERS",
                "Nothing is cleaned.",
                "Set trim, collapse_blanks, case or empty_to_null.",
            )
            return None
        if self.columns is not None and not columns_of(
            inputs[0], self.columns, findings.at("columns"), types=("string",)
        ):
            return None
        if not self.empty_to_null:
            return inputs[0]
        cleaned = {name: nullable(inputs[0][name]) for name in self._texts(inputs[0])}
        return Schema({**inputs[0], **cleaned})

    def _texts(self, schema: Schema) -> list[str]:
        if self.columns is not None:
            return self.columns
        return [name for name, column in schema.items() if column.type.name == "string"]

    def polars(self, inputs: list[Code], schemas: list[Schema]) -> StepCode:
        texts = self._texts(schemas[0])
        if not texts:
            return StepCode(inputs[0])
        cleaned = self._clean(code("pl.col({texts})", texts=names(texts)))
        return StepCode(code("{rows}.with_columns({cleaned})", rows=inputs[0], cleaned=cleaned))

    def _clean(self, text: Code) -> Code:
        if self.trim:
            text = code("{text}.str.strip_chars({blanks})", text=text, blanks=lit(TRIMMED))
        if self.collapse_blanks:
            text = code('{text}.str.replace_all({run}, " ")', text=text, run=lit(f"[{TRIMMED}]+"))
        if self.case is not None:
            text = code("{text}.{method}()", text=text, method=CASES[self.case])
        if self.empty_to_null:
            text = null_unless(text, 'x != ""')
        return text

    def sql(self, inputs: list[Relation], dialect: Dialect) -> StepSql:
        texts = self._texts(inputs[0].schema)
        return row_wise(
            dialect, inputs[0], {n: self._sql_cleaned(dialect.column(n), dialect) for n in texts}
        )

    def _sql_cleaned(self, text: Sql, dialect: Dialect) -> Sql:
        if self.trim:
            text = dialect.strip(text, TRIMMED)
        if self.collapse_blanks:
            text = dialect.replaced(text, parse(f"[{TRIMMED}]+"), replacement(" ", 0))
        match self.case:
            case "lower":
                text = dialect.call("lower", text)
            case "upper":
                text = dialect.upper(text)
            case "title":
                text = dialect.title(text)
            case None:
                pass
        if self.empty_to_null:
            text = dialect.call("nullif", text, dialect.string(""))
        return text
