"""Large files that look like real ones: the same bytes for the same size, written block by block.

`python -m benchmarks.generate csv orders.csv --size 1GB` (`csv`, `ndjson`, `json`, `xml`). Twenty
columns of names, codes, dates, decimals and texts; some values missing, some with blanks, commas
or quotes; every 500th record repeats the one before, and about one amount in 50,000 is no number.
The array of the JSON lies at `/data/orders`, the elements of the XML at `/orders/order`.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import BinaryIO

import polars as pl

BLOCK = 50_000
REPEATED_EVERY = 500
WRONG_EVERY = 50_021
FORMATS = ("csv", "ndjson", "json", "xml")
_FIRST = ["Anna", "Bruno", "Chloé", "Dmitri", "Elif", "Farid", "Grace", "Hiro", "Inés", "Jürgen"]
_LAST = ["Novák", "Smith", "García", "Okafor", "Li", "Müller", "O'Brien", "Rossi", "Sato", "Yılmaz"]
_CITIES = ["Berlin", "São Paulo", "Lagos", "Osaka", "Lyon", "Austin", "Kraków", "Pune", "Perth"]
_NOTES = ["", "ring twice", "leave it with Ana, please", "gift", "call first", 'the "blue" one']
_UNITS = {"KB": 10**3, "MB": 10**6, "GB": 10**9}


def generate(format: str, path: Path, size: int, *, clean: bool = False) -> int:
    """Write records until the file has `size` bytes or a block more; returns how many.

    `clean` writes a number for every amount: some readers refuse a file with one that is none.
    """
    records = 0
    with path.open("wb") as file:
        file.write({"json": b'{"made_by": "benchmarks", "data": {"orders": [\n'}.get(format, b""))
        file.write({"xml": b'<?xml version="1.0" encoding="UTF-8"?>\n<orders>\n'}.get(format, b""))
        while file.tell() < size:
            rows = min(BLOCK, max(1, (size - file.tell()) // 150))
            _write(format, orders(records, rows, clean=clean), file, first=records == 0)
            records += rows
        file.write({"json": b"\n]}}\n", "xml": b"</orders>\n"}.get(format, b""))
    return records


def orders(start: int, count: int, *, clean: bool = False) -> pl.DataFrame:
    """Return the records from number `start` on; arithmetic on the number instead of chance."""
    number = pl.int_range(start, start + count, eager=True).alias("i").to_frame()
    repeated = pl.col("i") % REPEATED_EVERY == REPEATED_EVERY - 1
    i = pl.col("i")

    def pick(values: list[str], factor: int) -> pl.Expr:
        place = (i * factor // 7919) % len(values)
        return place.replace_strict(list(range(len(values))), values, return_dtype=pl.String)

    def missing(value: pl.Expr, every: int) -> pl.Expr:
        return pl.when(i % every != every - 1).then(value)

    cents = (i * 7_919) % 1_000_000
    amount = pl.format("{}.{}", cents // 100, (cents % 100).cast(pl.String).str.zfill(2))
    day = pl.date(2020, 1, 1) + pl.duration(days=i % 1_800)
    moment = pl.datetime(2020, 1, 1) + pl.duration(seconds=(i * 97) % 150_000_000)
    wrong = i % WRONG_EVERY == WRONG_EVERY - 1
    first, last = pick(_FIRST, 7_907), pick(_LAST, 6_089)
    return number.with_columns(i=i - repeated.cast(pl.Int64)).select(
        order_id=i + 1,
        order_code=(i * 31 % 100_000_000).cast(pl.String).str.zfill(8),
        customer=pl.when(i % 41 == 40).then(pl.format("  {} {} ", first, last)).otherwise(
            pl.format("{} {}", first, last)
        ),
        email=missing(pl.format("user{}@example.com", i * 13 % 500_000), 17),
        phone=pl.format("+49 30 {}", (i * 7_877 % 9_000_000) + 1_000_000),
        city=pick(_CITIES, 4_093),
        country=pick(["DE", "BR", "NG", "JP", "FR", "US", "PL", "IN", "AU"], 4_093),
        status=pick(["paid", "shipped", "open", "cancelled"], 5_099),
        amount=amount if clean else pl.when(wrong).then(pl.lit("??")).otherwise(amount),
        quantity=i % 12 + 1,
        discount=missing((i % 31).cast(pl.Float64) / 100, 3),
        tax_rate=pl.lit(0.19),
        weight_kg=(i * 104_729 % 30_000).cast(pl.Float64) / 1_000,
        ordered_on=day.dt.strftime("%Y-%m-%d"),
        shipped_at=missing(moment.dt.strftime("%Y-%m-%dT%H:%M:%S"), 9),
        is_gift=pl.when(i % 5 == 0).then(pl.lit("yes")).otherwise(pl.lit("no")),
        category=pick(["books", "garden", "toys", "tools", "music"], 3_079),
        sku=pl.format("SKU-{}-{}", i % 97, i % 1_009),
        rating=missing(i % 5 + 1, 4),
        note=pick(_NOTES, 2_053),
    )  # fmt: skip


def _write(format: str, rows: pl.DataFrame, file: BinaryIO, *, first: bool) -> None:
    if format == "csv":
        rows.write_csv(file, include_header=first)
    elif format == "xml":
        file.write(rows.select(_element(rows.columns)).to_series().str.join("").item().encode())
    elif format == "json":
        lines = rows.write_ndjson().encode().rstrip(b"\n").replace(b"\n", b",\n")
        file.write(lines if first else b",\n" + lines)
    else:
        rows.write_ndjson(file)


def _element(names: list[str]) -> pl.Expr:
    """Return the text of an `<order>`; what is missing has no element."""
    parts = [pl.lit("  <order>\n")]
    for name in names:
        text = pl.col(name).cast(pl.String)
        for character, entity in (("&", "&amp;"), ("<", "&lt;")):
            text = text.str.replace_all(character, entity, literal=True)
        parts.append(pl.format(f"    <{name}>{{}}</{name}>\n", text))
    return pl.concat_str([*parts, pl.lit("  </order>\n")], ignore_nulls=True)


def as_bytes(size: str) -> int:
    """Return the number of bytes in `300MB` or `1GB`, decimal units; raises ValueError."""
    match = re.fullmatch(r"([0-9.]+) *(KB|MB|GB)", size.upper())
    if match is None:
        raise ValueError("write a size as 300MB or 1GB")
    return int(float(match[1]) * _UNITS[match[2]])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("format", choices=FORMATS)
    parser.add_argument("path", type=Path)
    parser.add_argument("--size", type=as_bytes, default="1GB")
    parser.add_argument("--clean", action="store_true", help="no amount that is no number")
    options = parser.parse_args()
    written = generate(options.format, options.path, options.size, clean=options.clean)
    print(f"{written} records")
