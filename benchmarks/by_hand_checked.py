"""What an engineer would write by hand with polars for the CSV of `generate.py`, losing nothing.

`python benchmarks/by_hand_checked.py SOURCE OUTPUT` types, trims and keeps one row an order, as
`by_hand.py` does. Beyond it, a row with a value that does not parse is set aside with its line and
a reason, rows are counted at every step, and the rules that a project has for this file are checked
before the output takes its name. Counts and failed rules are written beside it as JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import polars as pl

TEXTS = [
    "order_code", "customer", "email", "phone", "city", "country", "status", "category", "sku",
    "note",
]  # fmt: skip
NULLS = ["", "NA", "N/A", "n/a", "NULL", "null", "NaN", "nan", "None", "none", "nil", "-"]
TYPED = {
    "order_id": pl.col("order_id").cast(pl.Int64, strict=False),
    "amount": pl.col("amount").cast(pl.Decimal(18, 2), strict=False),
    "quantity": pl.col("quantity").cast(pl.Int64, strict=False),
    "discount": pl.col("discount").cast(pl.Decimal(18, 2), strict=False),
    "tax_rate": pl.col("tax_rate").cast(pl.Float64, strict=False),
    "weight_kg": pl.col("weight_kg").cast(pl.Float64, strict=False),
    "rating": pl.col("rating").cast(pl.Int64, strict=False),
    "ordered_on": pl.col("ordered_on").str.to_date("%Y-%m-%d", strict=False),
    "shipped_at": pl.col("shipped_at").str.to_datetime(
        "%Y-%m-%dT%H:%M:%S", time_zone="UTC", strict=False
    ),
    "is_gift": pl.when(pl.col("is_gift").is_in(["yes", "no"])).then(pl.col("is_gift") == "yes"),
}
FILLED = {"order_id": 1.0, "email": 0.83, "shipped_at": 0.73, "note": 0.61} | dict.fromkeys(
    ["order_code", "customer", "phone", "city", "country", "status", "amount", "quantity",
     "tax_rate", "weight_kg", "ordered_on", "is_gift", "category", "sku"], 0.95,
)  # fmt: skip
SETS = {
    "city": ["Austin", "Berlin", "Kraków", "Lagos", "Lyon", "Osaka", "Perth", "Pune", "São Paulo"],
    "country": ["AU", "BR", "DE", "FR", "IN", "JP", "NG", "PL", "US"],
    "status": ["cancelled", "open", "paid", "shipped"],
    "category": ["books", "garden", "music", "tools", "toys"],
    "note": ["call first", "gift", "leave it with Ana, please", "ring twice", 'the "blue" one'],
}
PATTERNS = {"email": r"^[^@\s]+@[^@\s]+\.[^@\s]+$", "phone": "^[+][0-9]+ [0-9]+ [0-9]+$"}
MOST = {
    "amount": 1_000_000, "quantity": 10_000, "discount": 100, "tax_rate": 100,
    "weight_kg": 10_000, "rating": 1_000,
}  # fmt: skip


def main(source: Path, output: Path) -> None:
    """Read, type, set aside, trim, keep one row an order, count, check, write."""
    rows = pl.scan_csv(source, infer_schema=False).with_row_index("line", offset=2)
    names = rows.drop("line").collect_schema().names()
    judged = (
        rows.with_columns(trimmed(name) for name in names)
        .with_columns(value.alias(f"{name} typed") for name, value in TYPED.items())
        .with_columns(reason=pl.concat_str(map(reason, TYPED), separator="; ", ignore_nulls=True))
        .cache()
    )
    rejects = judged.filter(pl.col("reason") != "").select("line", "reason", *names)
    cleaned = judged.filter(pl.col("reason") == "").select(
        pl.col(f"{name} typed").alias(name) if name in TYPED else name for name in names
    )
    kept = cleaned.unique("order_id", keep="first", maintain_order=True)
    partial = output.with_suffix(".partial")
    found = pl.collect_all(
        [
            *(frame.select(pl.len()) for frame in (rows, rejects, cleaned, kept)),
            kept.group_by("order_id").len().select((pl.col("len") > 1).sum()),
            kept.select(**{name: share for name, (share, _) in checks().items()}),
            rejects.sink_ndjson(output.with_suffix(".rejects.ndjson"), lazy=True),
            kept.sink_parquet(partial, lazy=True),
        ]
    )
    numbers = [frame.item() for frame in found[:4]]
    counts = dict(zip(["read", "rejected", "cleaned", "written"], numbers, strict=True))
    shares = found[5].row(0, named=True)
    failed = [
        name
        for name, (_, least) in checks().items()
        if shares[name] is not None and shares[name] < least
    ]
    output.with_suffix(".json").write_text(json.dumps({**counts, "failed": failed}))
    if found[4].item() or "order_id filled" in failed or not counts["written"]:
        raise SystemExit("a critical rule does not hold; nothing is published")
    partial.replace(output)


def trimmed(name: str) -> pl.Expr:
    """Return the text without blanks around it, null where it stands for no value."""
    text = pl.col(name).str.strip_chars()
    return pl.when(~text.is_in(NULLS) if name in TYPED else text != "").then(text).alias(name)


def reason(name: str) -> pl.Expr:
    """Return what is told of a text that is no value of its type."""
    does_not_parse = pl.col(name).is_not_null() & pl.col(f"{name} typed").is_null()
    return pl.when(does_not_parse).then(pl.lit(f"{name}: does not parse"))


def checks() -> dict[str, tuple[pl.Expr, float]]:
    """Return by name the share of values that are as expected, and the least that is tolerated."""
    return {
        **{f"{name} filled": (pl.col(name).is_not_null().mean(), s) for name, s in FILLED.items()},
        **{
            f"{name} known": (pl.col(name).is_in(known).mean(), 0.9) for name, known in SETS.items()
        },
        **{
            f"{name} form": (pl.col(name).str.contains(pattern).mean(), 0.95)
            for name, pattern in PATTERNS.items()
        },
        **{
            f"{name} range": (pl.col(name).is_between(0, most).mean(), 0.95)
            for name, most in MOST.items()
        },
        "order_code length": ((pl.col("order_code").str.len_chars() == 8).mean(), 0.95),
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
