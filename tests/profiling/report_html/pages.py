"""Profiles of small tables, and their pages read back."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable
from typing import Any

import lxml.html
import polars as pl

from ai_data_engineer.profiling.names import safe_names
from ai_data_engineer.profiling.profile import FileProfile, ProfileWarning, Records
from ai_data_engineer.profiling.table import ColumnSource, profile_table

HOSTILE = (
    "<script>window.pwned=1</script>",
    "</script><img src=x onerror=window.pwned=1>",
    '" onmouseover="window.pwned=1',
    "'><svg onload=window.pwned=1>",
    "a\u202eb\u2028c\x00d",
    "{{ 7 * 7 }}{% raw %}",
    "]]><!--",
    "javascript:window.pwned=1",
)


def profiled(
    rows: pl.DataFrame, warnings: Iterable[ProfileWarning] = (), **fields: Any
) -> FileProfile:
    """Profile a table of texts."""
    sources = [
        ColumnSource(*names) for names in zip(safe_names(rows.columns), rows.columns, strict=True)
    ]
    table = profile_table(rows.rename({s.source_name: s.name for s in sources}), sources)
    found: dict[str, Any] = {
        "functional_dependencies": table.functional_dependencies,
        "uri": "data/orders.csv",
        "records": Records(read=rows.height, total=rows.height, total_is_exact=True),
    }
    return FileProfile(
        name="orders",
        format="csv",
        encoding="utf-8",
        size_bytes=12_345,
        bytes_read=12_345,
        digest="0" * 64,
        columns=table.columns,
        candidate_keys=table.candidate_keys,
        repeated_columns=table.repeated_columns,
        warnings=(*table.warnings, *warnings),
        **{**found, **fields},
    )


def hostile_rows() -> pl.DataFrame:
    """A table whose names and values are code."""
    values = [*HOSTILE, *HOSTILE]
    return pl.DataFrame(dict.fromkeys(HOSTILE, values))


def read(page: str) -> Any:
    """Return the page as a browser would understand it."""
    return lxml.html.document_fromstring(page)


def texts(elements: Iterable[Any]) -> list[str]:
    """Return what a person reads in each of some elements."""
    return [" ".join(" ".join(element.itertext()).split()) for element in elements]


def bodies(tree: Any) -> list[str]:
    """Return what opens below the columns of a wide page."""
    pieces = [piece.text for piece in tree.xpath('//script[@class="piece"]')]
    return [
        body
        for piece in pieces
        for body in zlib.decompress(base64.b64decode(piece)).decode().split("\0")
    ]
