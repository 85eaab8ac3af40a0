"""Two deliveries of a file, and what is said of the second one."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from ai_data_engineer.profiling import profile_source
from ai_data_engineer.profiling.drift import Change, Drift, compare

ROWS = 600
Row = dict[str, object]


def order(i: int, chance: random.Random) -> Row:
    return {
        "order_id": i,
        "amount": f"{chance.lognormvariate(3, 0.5):.2f}",
        "status": chance.choice(["open", "paid", "paid", "shipped"]),
        "placed": f"2024-{1 + i % 12:02}-{1 + i % 28:02}",
        "note": chance.choice(["", "ring twice", "gift"]),
        "sku": f"AB-{chance.randrange(1000):03}",
    }


@pytest.fixture
def drift(tmp_path: Path) -> Callable[..., Drift]:
    """Compare a first delivery with one whose rows a function changes."""

    def of(change: Callable[[Row], Row] = dict, *, first: int = ROWS, rows: int = ROWS) -> Drift:
        profiles = []
        for name, seed, make, count in (("one", 1, dict, first), ("two", 2, change, rows)):
            chance = random.Random(seed)
            table = [make(order(i, chance)) for i in range(seed * 10_000, seed * 10_000 + count)]
            lines = [",".join(make(order(0, random.Random(0))))] + [
                ",".join(map(str, row.values())) for row in table
            ]
            path = tmp_path / f"{name}.csv"
            path.write_text("\n".join(lines) + "\n")
            profiles.append(profile_source(str(path)))
        return compare(*profiles)

    return of


def only(found: Drift) -> Change:
    (change,) = found.changes
    return change


def with_(**changes: Callable[[Row], object]) -> Callable[[Row], Row]:
    return lambda row: row | {name: make(row) for name, make in changes.items()}


def test_another_delivery_of_the_same_data_is_no_drift(drift: Callable[..., Drift]) -> None:
    assert drift().changes == ()
    assert drift().severity is None


@pytest.mark.parametrize("seed", range(5))
def test_chance_alone_raises_no_alarm(seed: int, tmp_path: Path) -> None:
    profiles = []
    for name in ("one", "two"):
        chance = random.Random(f"{seed}{name}")
        lines = ["kind,size,price"] + [
            f"{chance.choice('abcd')},{chance.gauss(0, 1):.3f},{chance.expovariate(1):.2f}"
            for _ in range(60)
        ]
        path = tmp_path / f"{name}.csv"
        path.write_text("\n".join(lines) + "\n")
        profiles.append(profile_source(str(path)))

    assert compare(*profiles).changes == ()


def test_a_column_that_is_gone_breaks_a_pipeline(drift: Callable[..., Drift]) -> None:
    found = only(drift(lambda row: {k: v for k, v in row.items() if k != "status"}))

    assert (found.code, found.severity, found.column) == ("D_COLUMN_GONE", "critical", "status")


def test_a_column_that_came(drift: Callable[..., Drift]) -> None:
    found = only(drift(with_(channel=lambda row: "web" if len(str(row["note"])) else "shop")))

    assert (found.code, found.column) == ("D_COLUMN_ADDED", "channel")
    assert found.severity == "critical", "a reader of CSV wants the columns that it knows"


def test_a_column_under_another_name(drift: Callable[..., Drift]) -> None:
    found = only(
        drift(lambda row: {"order_status" if k == "status" else k: v for k, v in row.items()})
    )

    assert (found.code, found.column) == ("D_COLUMN_RENAMED", "order_status")
    assert "`status`" in found.message


def test_columns_in_another_order(drift: Callable[..., Drift]) -> None:
    found = only(drift(lambda row: dict(reversed(row.items()))))

    assert (found.code, found.severity) == ("D_COLUMN_ORDER", "critical")


@pytest.mark.parametrize(
    ("column", "make", "severity"),
    [
        ("amount", lambda row: f"x{row['amount']}", "critical"),
        ("amount", lambda row: int(float(str(row["amount"]))), "info"),
        ("placed", lambda row: f"{row['placed']}T10:00:00", "critical"),
    ],
)
def test_a_type_that_changed(
    drift: Callable[..., Drift], column: str, make: Callable[[Row], object], severity: str
) -> None:
    found = next(c for c in drift(with_(**{column: make})).changes if c.code == "D_TYPE")

    assert (found.column, found.severity) == (column, severity)


def test_dates_written_otherwise(drift: Callable[..., Drift]) -> None:
    found = drift(with_(placed=lambda row: ".".join(reversed(str(row["placed"]).split("-")))))

    assert [(c.code, c.severity) for c in found.changes] == [("D_PARSE", "critical")]
    assert "%d.%m.%Y" in found.changes[0].message


def test_values_that_are_missing_more_often(drift: Callable[..., Drift]) -> None:
    found = only(drift(with_(sku=lambda row: "" if str(row["sku"]).endswith("7") else row["sku"])))

    assert (found.code, found.severity, found.measure) == ("D_NULLS", "warning", "share")
    assert found.value == pytest.approx(0.1, abs=0.05)


def test_a_column_without_any_value_left(drift: Callable[..., Drift]) -> None:
    found = only(drift(with_(sku=lambda row: "")))

    assert (found.code, found.severity) == ("D_NULLS", "critical")


def test_a_value_that_was_not_there_before(drift: Callable[..., Drift]) -> None:
    change = with_(status=lambda row: "returned" if row["status"] == "open" else row["status"])
    found = drift(change).changes

    assert {c.code for c in found} == {"D_CATEGORIES", "D_DISTRIBUTION"}
    assert all("returned" not in c.message for c in found), "messages hold no value"


def test_other_shares_of_the_same_values(drift: Callable[..., Drift]) -> None:
    chance = random.Random(3)
    found = only(
        drift(with_(status=lambda row: chance.choice(["open", "open", "open", "paid", "shipped"])))
    )

    assert (found.code, found.severity, found.measure) == ("D_DISTRIBUTION", "warning", "psi")


def test_euros_that_became_cents(drift: Callable[..., Drift]) -> None:
    found = drift(with_(amount=lambda row: f"{float(str(row['amount'])) * 100:.2f}")).changes

    measured = {c.code: c for c in found}
    assert measured["D_DISTRIBUTION"].measure == "ks"
    assert measured["D_DISTRIBUTION"].value == pytest.approx(1, abs=0.02)
    assert measured["D_RANGE"].severity == "warning"


def test_numbers_that_turned_negative(drift: Callable[..., Drift]) -> None:
    found = drift(
        with_(amount=lambda row: "-0.50" if row["note"] == "gift" else row["amount"])
    ).changes

    assert "Values are negative; before, none was." in [c.message for c in found]


def test_codes_written_in_another_shape(drift: Callable[..., Drift]) -> None:
    found = only(drift(with_(sku=lambda row: str(row["sku"]).replace("-", "/"))))

    assert (found.code, found.measure) == ("D_SHAPES", "psi")


def test_a_key_whose_values_repeat(drift: Callable[..., Drift]) -> None:
    found = drift(with_(order_id=lambda row: int(str(row["order_id"])) // 2)).changes

    assert (found[0].code, found[0].severity) == ("D_KEY", "critical")


def test_far_fewer_records(drift: Callable[..., Drift]) -> None:
    found = next(c for c in drift(rows=200).changes if c.code == "D_RECORDS")

    assert (found.severity, found.value) == ("warning", pytest.approx(1 / 3, abs=0.01))


@pytest.mark.parametrize(
    ("first", "rows", "severity"), [(ROWS, 0, "critical"), (0, ROWS, "warning")]
)
def test_a_delivery_of_nothing(
    drift: Callable[..., Drift], first: int, rows: int, severity: str
) -> None:
    found = only(drift(first=first, rows=rows))

    assert (found.code, found.severity) == ("D_RECORDS", severity)


def test_personal_data_that_came_in(drift: Callable[..., Drift]) -> None:
    found = drift(with_(note=lambda row: f"ann{row['order_id']}@example.com")).changes

    assert "D_PERSONAL_DATA" in [c.code for c in found]


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda text: text.replace(",", ";"), "D_DIALECT"),
        (lambda text: "exported on Monday\n\n" + text, "D_DIALECT"),
        (lambda text: text.replace("gift", "Grüße").encode("cp1252"), "D_ENCODING"),
    ],
)
def test_the_file_itself_is_another(
    tmp_path: Path, make: Callable[[str], str | bytes], code: str
) -> None:
    chance = random.Random(1)
    table = [order(i, chance) for i in range(200)]
    text = "\n".join([",".join(table[0])] + [",".join(map(str, r.values())) for r in table]) + "\n"
    (tmp_path / "one.csv").write_text(text)
    changed = make(text)
    (tmp_path / "two.csv").write_bytes(changed if isinstance(changed, bytes) else changed.encode())

    found = compare(
        profile_source(str(tmp_path / "one.csv")), profile_source(str(tmp_path / "two.csv"))
    )

    assert code in [c.code for c in found.changes if c.severity == "critical"]
