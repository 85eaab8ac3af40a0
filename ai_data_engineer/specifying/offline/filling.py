"""Values for missing ones and the look of text: `fill missing age with 0`, `lowercase email`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ai_data_engineer.specifying.offline.columns import chains_with_any
from ai_data_engineer.specifying.offline.draft import Draft
from ai_data_engineer.specifying.offline.intents import Intent, Stage, listed
from ai_data_engineer.specifying.offline.phrases import meanings
from ai_data_engineer.specifying.offline.reader import ARTICLES, Reader
from ai_data_engineer.specifying.offline.vocabulary import Ref

_FILL = "fill | replace | fill in | impute | set | default"
_GAPS = (
    "missing values in | missing | nulls in | null values in | null | nulls | empty | blank | "
    "blanks in | missing values for | empty values in | missing values of | gaps in | missing "
    "entries in"
)
_METHODS = meanings(
    {
        "mean": "mean | the mean | average | the average",
        "median": "median | the median",
        "zero": "zero | zeros",
        "min": "the minimum",
        "max": "the maximum",
    }
)
_CASES = meanings(
    {
        "lower": "lowercase | lower-case | lower case",
        "upper": "uppercase | upper-case | upper case",
        "title": "capitalise | capitalize | title-case | title case | titlecase",
    }
)


@dataclass(frozen=True, kw_only=True)
class Fill(Intent):
    """Put a value, or a column's mean or median, where values are missing."""

    columns: tuple[Ref, ...]
    value: str | int | float | None = None
    method: str | None = None

    stage: ClassVar[Stage] = Stage.FILL

    @property
    def refs(self) -> tuple[Ref, ...]:
        return self.columns

    def apply(self, draft: Draft) -> str:
        names: list[str] = []
        for chain in chains_with_any(draft, self.columns):
            here = chain.find_all(self.columns)
            names.extend(here)
            if self.method:
                draft.add(chain, "fill", "fill_null", self.note, columns=here, method=self.method)
            else:
                draft.add(
                    chain, "fill", "fill_null", self.note, values=dict.fromkeys(here, self.value)
                )
        what = f"the {self.method}" if self.method else f"`{self.value}`"
        return f"puts {what} where {listed(list(dict.fromkeys(names)))} is missing"


@dataclass(frozen=True, kw_only=True)
class SetCase(Intent):
    """Write text in lower, upper or title case."""

    columns: tuple[Ref, ...]
    case: str

    stage: ClassVar[Stage] = Stage.FILL

    @property
    def refs(self) -> tuple[Ref, ...]:
        return self.columns

    def apply(self, draft: Draft) -> str:
        names: list[str] = []
        for chain in chains_with_any(draft, self.columns):
            here = chain.find_all(self.columns)
            names.extend(here)
            draft.add(
                chain, f"{self.case}_case", "clean_text", self.note, columns=here, case=self.case
            )
        return f"writes {listed(list(dict.fromkeys(names)))} in {self.case} case"


def read(r: Reader) -> Fill | SetCase | None:
    """Take a wish about missing values or about case."""
    start = r.at
    if r.take(_FILL):
        return _fill(r, start)
    if case := r.take(*_CASES):
        columns = r.columns(lambda f: f.type.name == "string")
        return (
            SetCase(words=r.said(start), columns=tuple(columns), case=_CASES[case])
            if columns
            else None
        )
    if r.take("convert | change | turn | make | set"):
        columns = r.columns(lambda f: f.type.name == "string")
        r.take("to | into")
        case = r.take(*_CASES, "lower | upper")
        if columns and case:
            named = _CASES.get(case, case)
            return SetCase(words=r.said(start), columns=tuple(columns), case=named)
    return None


def _fill(r: Reader, start: int) -> Fill | None:
    r.skip(ARTICLES)
    if r.take(_GAPS) is None:
        return None
    columns = r.columns()
    r.take("values")
    if not columns or not r.take("with | by | to | as | using"):
        return None
    if method := r.take(*_METHODS):
        return Fill(words=r.said(start), columns=tuple(columns), method=_METHODS[method])
    number = r.number()
    if number is not None:
        return Fill(words=r.said(start), columns=tuple(columns), value=number)
    r.skip(("the", "value"))
    token = r.peek()
    if token is None or token.kind not in ("word", "quoted"):
        return None
    r.at += 1
    return Fill(words=r.said(start), columns=tuple(columns), value=token.value)
