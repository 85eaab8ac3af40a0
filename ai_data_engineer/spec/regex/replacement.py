r"""Texts that replace matches: `\0` is the match, `\1` to `\9` are its groups."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ai_data_engineer.spec.regex.errors import RegexError

_PARTS = re.compile(r"\\(.?)|[^\\]+", re.DOTALL)


@dataclass(frozen=True)
class Replacement:
    """A replacement as each engine reads it."""

    polars: str
    duckdb: str
    spark: str


def replacement(text: str, groups: int) -> Replacement:
    r"""Return a replacement for each engine.

    `\0` stands for the match, `\1` to `\9` for its groups (empty where one takes no part) and
    `\\` for a backslash; every other character is itself. Raises RegexError for another
    backslash, and for a group beyond `groups`, the number of groups in the pattern.
    """
    polars, duckdb, spark = [], [], []
    for found in _PARTS.finditer(text):
        named = found[1]
        if named is None:
            polars.append(found[0].replace("$", "$$"))
            duckdb.append(found[0])
            # Java would take a digit behind a group for a part of its number.
            behind_group = found.start() > 0 and found[0][0] in "0123456789"
            spark.append(("\\" if behind_group else "") + found[0].replace("$", "\\$"))
        elif named == "\\":
            polars.append("\\")
            duckdb.append("\\\\")
            spark.append("\\\\")
        elif named not in tuple("0123456789"):
            raise RegexError(
                f"The replacement has `\\{named}`.",
                "Write `\\1` for a group, and `\\\\` for a backslash.",
            )
        elif int(named) > groups:
            raise RegexError(
                f"The replacement names group {named}, and the pattern has {groups}.",
                "Write a group `(…)` for it, or `\\0` for the whole match.",
            )
        else:
            polars.append(f"${{{named}}}")
            duckdb.append(f"\\{named}")
            spark.append(f"${named}")
    return Replacement("".join(polars), "".join(duckdb), "".join(spark))
