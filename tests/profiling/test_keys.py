import polars as pl

from ai_data_engineer.profiling.table import ColumnSource, TableProfile, profile_table


def profile(**columns: list[str]) -> TableProfile:
    rows = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return profile_table(rows, [ColumnSource(name, name) for name in columns])


def numbered(count: int, start: int = 1) -> list[str]:
    return [str(n) for n in range(start, start + count)]


def test_the_best_named_key_comes_first() -> None:
    table = profile(
        row=numbered(30, 0),
        email=[f"a{n}@example.org" for n in range(30)],
        order_id=numbered(30, 900),
    )

    assert table.candidate_keys == (("order_id",), ("row",), ("email",))


def test_floats_free_text_and_measures_are_no_keys() -> None:
    table = profile(
        weight=[f"{n}.5" for n in range(30)],
        amount=numbered(30, 1000),
        note=[f"The parcel number {n} came late and it was quite wet." for n in range(30)],
    )

    assert table.candidate_keys == ()
    assert [c.is_unique for c in table.columns] == [True, True, True]
    assert "W_NO_KEY" in [w.code for w in table.warnings]


def test_a_missing_value_or_a_repeated_one_is_no_key() -> None:
    ids = numbered(30)

    assert profile(order_id=[*ids[:-1], ""]).candidate_keys == ()
    assert profile(order_id=[*ids[:-1], "1"]).candidate_keys == ()


def test_two_columns_together() -> None:
    days = [f"2024-01-{day:02d}" for day in range(1, 16)]
    table = profile(
        symbol=[s for s in ("A", "B") for _ in days],
        date=days * 2,
        price=[f"{n % 7}.5" for n in range(30)],
    )

    assert table.candidate_keys == (("symbol", "date"),)


def test_three_columns_together() -> None:
    triples = [(a, b, c) for a in "xyz" for b in "klm" for c in ("2021", "2022", "2023")]
    table = profile(
        shop=[t[0] for t in triples], item=[t[1] for t in triples], year=[t[2] for t in triples]
    )

    assert table.candidate_keys == (("shop", "item", "year"),)


def test_in_few_rows_only_the_name_makes_a_key() -> None:
    assert profile(id=["7", "3"], city=["Rome", "Bonn"]).candidate_keys == (("id",),)
    assert profile(city=["Rome", "Bonn"], size=["3", "1"]).candidate_keys == ()
