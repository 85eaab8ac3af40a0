"""Texts read as typed values, by the very code that a pipeline will run."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import cast

import polars as pl

from ai_data_engineer.parsing import Parse
from ai_data_engineer.spec.casting import parse_text
from ai_data_engineer.spec.code import Code
from ai_data_engineer.types import LogicalType

_NAMES = {"pl": pl, "dt": datetime, "Decimal": Decimal}


def read_texts(texts: pl.Series, kind: LogicalType, parse: Parse) -> pl.Series:
    """Return the texts as typed values; null for what is missing or has another form."""
    return texts.to_frame("text").select(reader(kind, parse)(pl.col("text"))).to_series()


@lru_cache(maxsize=4096)
def reader(kind: LogicalType, parse: Parse) -> Callable[[pl.Expr], pl.Expr]:
    """Return the function from an expression that yields text to one that yields typed values."""
    source = parse_text(Code("text"), kind, parse)
    # Not a word of the file is code in there: `Code` takes foreign text as literals alone.
    function = eval(f"lambda text: {source}", dict(_NAMES))  # noqa: S307
    return cast(Callable[[pl.Expr], pl.Expr], function)
