"""What an engineer would write by hand with polars for the file of `generate.py`.

`python benchmarks/by_hand.py FORMAT SOURCE OUTPUT` types, trims and de-duplicates on `order_id`.
It is no equal of a project: what does not parse becomes null, and nothing is checked, set aside or
counted. XML goes through lxml, a record at a time, because polars reads none.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl

TYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    "order_id": pl.Int64,
    "amount": pl.Decimal(18, 2),
    "quantity": pl.Int64,
    "discount": pl.Decimal(18, 2),
    "tax_rate": pl.Float64,
    "weight_kg": pl.Float64,
    "rating": pl.Int64,
}
TEXTS = [
    "order_code", "customer", "email", "phone", "city", "country", "status", "amount",
    "ordered_on", "shipped_at", "is_gift", "category", "sku", "note",
]  # fmt: skip


def main(format: str, source: Path, output: Path) -> None:
    """Read, type, trim, keep one row an order, write."""
    match format:
        case "csv":
            rows = pl.scan_csv(source, infer_schema=False)
        case "ndjson":
            rows = pl.scan_ndjson(source)
        case "json":
            rows = pl.read_json(source).lazy().select(pl.col("data").struct.field("orders"))
            rows = rows.explode("orders").unnest("orders")
        case _:
            rows = pl.LazyFrame(orders(source))
    texts = pl.col(name for name in rows.collect_schema() if name in TEXTS).str.strip_chars()
    rows.with_columns(texts).with_columns(
        *(pl.col(name).cast(dtype, strict=False) for name, dtype in TYPES.items()),
        pl.col("ordered_on").str.to_date("%Y-%m-%d", strict=False),
        pl.col("shipped_at").str.to_datetime("%Y-%m-%dT%H:%M:%S", strict=False),
        pl.col("is_gift") == "yes",
    ).unique("order_id", keep="first", maintain_order=True).sink_parquet(output)


def orders(source: Path) -> Iterator[dict[str, str | None]]:
    """Yield each `<order>` of an XML document."""
    from lxml import etree

    for _, element in etree.iterparse(source, tag="order"):
        yield {str(child.tag): child.text for child in element}
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
