import random

import polars as pl

from ai_data_engineer.profiling.dependencies import MOST_COLUMNS
from ai_data_engineer.profiling.table import ColumnSource, TableProfile, profile_table

CITIES = {
    "10115": "Berlin",
    "10117": "Berlin",
    "20095": "Hamburg",
    "20097": "Hamburg",
    "80331": "München",
}
STATES = {"Berlin": "BE", "Hamburg": "HH", "München": "BY"}


def profile(**columns: list[str]) -> TableProfile:
    rows = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return profile_table(rows, [ColumnSource(name, name) for name in columns])


def told(table: TableProfile) -> list[tuple[str, str, int]]:
    return [(d.determinant, d.dependent, d.violations) for d in table.functional_dependencies]


def chosen(values: list[str], count: int = 300, seed: int = 3) -> list[str]:
    return random.Random(seed).choices(values, k=count)


def test_a_postcode_determines_its_city() -> None:
    zips = chosen(list(CITIES))

    table = profile(
        zip=zips, city=[CITIES[z] for z in zips], paid=chosen(["yes", "no", "later"], seed=5)
    )

    assert told(table) == [("zip", "city", 0)]


def test_what_follows_from_two_others_is_left_out() -> None:
    zips = chosen(list(CITIES))
    cities = [CITIES[z] for z in zips]
    country = ["north" if c == "Hamburg" else "south" for c in cities]

    table = profile(zip=zips, city=cities, part=country)

    assert told(table) == [("zip", "city", 0), ("city", "part", 0)]


def test_a_few_violations_are_counted() -> None:
    zips = chosen(list(CITIES), 1000)
    cities = [CITIES[z] for z in zips]
    cities[7], cities[70] = "Bonn", "Bonn"

    table = profile(zip=zips, city=cities)

    assert told(table) == [("zip", "city", 2)]
    assert table.functional_dependencies[0].share == 0.998


def test_missing_determinants_break_nothing() -> None:
    zips = chosen(list(CITIES))
    cities = [CITIES[z] for z in zips]

    table = profile(zip=["" if n % 9 == 0 else z for n, z in enumerate(zips)], city=cities)

    assert told(table) == [("zip", "city", 0)]


def test_keys_constants_chance_and_measures_determine_nothing() -> None:
    ids = [str(n) for n in range(300)]
    rare = ["yes"] * 299 + ["no"]

    assert told(profile(id=ids, city=chosen(list(STATES)))) == []
    assert told(profile(zip=chosen(list(CITIES)), land=["DE"] * 300)) == []
    assert told(profile(zip=chosen(list(CITIES)), rare=rare)) == []
    assert told(profile(zip=["10115", "10117", "10115"], city=["Berlin"] * 2 + ["Bonn"])) == []


def test_measures_do_not_determine() -> None:
    cities = chosen(list(STATES))

    table = profile(price=[f"{len(c)}.5" for c in cities], city=cities)

    assert told(table) == [("city", "price", 0)]


def test_columns_that_say_the_same() -> None:
    cities = chosen(list(STATES))
    amounts = chosen([str(n) for n in range(99)], seed=9)

    table = profile(
        city=cities,
        state=[STATES[c] for c in cities],
        amount=amounts,
        copy=amounts,
        other=amounts[::-1],
    )

    assert [(r.columns, r.kind) for r in table.repeated_columns] == [
        (("amount", "copy"), "identical"),
        (("city", "state"), "one_to_one"),
    ]
    assert told(table) == []


def test_columns_equal_by_chance_or_for_lack_of_values_are_none_that_repeat() -> None:
    flags = ["no"] * 299 + ["yes"]

    table = profile(a=flags, b=flags, c=[""] * 300, d=[""] * 300)

    assert table.repeated_columns == ()


def test_of_a_wide_table_only_the_first_columns_that_may_depend_are_tried() -> None:
    zips = chosen(list(CITIES))
    others = {f"c{n}": chosen(["a", "b", "c"], seed=n) for n in range(MOST_COLUMNS)}
    pair = {"zip": zips, "city": [CITIES[z] for z in zips]}

    assert ("zip", "city", 0) in told(profile(**pair, **others))
    assert ("zip", "city", 0) not in told(profile(**others, **pair))
