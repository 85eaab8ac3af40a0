"""sample and split_dataset: some of the rows, by chance that repeats."""

import datetime as dt
import hashlib
from collections import Counter
from itertools import pairwise

import pytest

MANY = 1000


def places(run, table, rows, **params):
    result = run({"op": "sample", **params}, table({"i": "int64!"}, [(i,) for i in range(rows)]))
    return [i for (i,) in result.rows]


def test_a_sample_repeats_and_another_seed_gives_another(run, table):
    one = places(run, table, MANY, n=50, seed=1)
    assert len(one) == 50
    assert one == sorted(one)
    assert places(run, table, MANY, n=50, seed=1) == one
    assert places(run, table, MANY, n=50, seed=2) != one


def test_a_sample_is_the_same_for_ever(run, table):
    assert places(run, table, 20, n=5) == [3, 8, 10, 13, 17]
    assert places(run, table, 20, fraction=0.125, seed=9) == [10, 11, 18]


@pytest.mark.parametrize(
    ("params", "rows", "kept"),
    [
        ({"fraction": 0.25}, 1000, 250),
        ({"fraction": 0.1}, 5, 1),
        ({"fraction": 0.1}, 4, 0),
        ({"fraction": 1}, 7, 7),
        ({"n": 5000}, 1000, 1000),
        ({"n": 0}, 1000, 0),
        ({"n": 3}, 0, 0),
    ],
)
def test_as_many_rows_as_asked_for_are_kept(run, table, params, rows, kept):
    assert len(places(run, table, rows, **params)) == kept


def test_every_place_has_about_the_same_chance(emitted, table):
    """With 200 seeds a place of 40 is kept 50 times on average, give or take 6 (a deviation)."""
    rows = table({"i": "int64!"}, [(i,) for i in range(40)])
    samples = [
        emitted({"op": "sample", "n": 10, "seed": seed}, rows).collect()["i"].to_list()
        for seed in range(200)
    ]

    kept = Counter(place for sample in samples for place in sample)
    gaps = Counter(b - a for sample in samples for a, b in pairwise(sample))

    assert all(25 <= kept[place] <= 75 for place in range(40))
    # Neighbours come together as often as chance has it: 9/39 of the 40 · 200 / 4 pairs.
    assert 350 <= gaps[1] <= 550


ORDERS = {"customer": "string", "day": "date!", "n": "int64"}
ROWS = [
    (None if i % 50 == 49 else f"Käufer {i % 300}", dt.date(2024, 1, 1) + dt.timedelta(i % 60), i)
    for i in range(MANY)
]
TRAIN_TEST = [
    {"name": "train", "fraction": 0.7},
    {"name": "check", "fraction": 0.2},
    {"name": "test", "fraction": 0.1},
]
REST = [{"name": "train", "fraction": 0.7}, {"name": "check", "fraction": 0.2}, {"name": "test"}]
PERIODS = [
    {"name": "old", "where": "day < '2024-01-15'"},
    {"name": "few", "where": "n < 500"},
    {"name": "rest"},
]


def split(run, table, part, parts, rows=ROWS, **params):
    params = {"op": "split_dataset", "parts": parts, "part": part, **params}
    return run(params, table(ORDERS, rows)).rows


@pytest.mark.parametrize(
    ("parts", "params"),
    [(TRAIN_TEST, {"key": ["customer"]}), (REST, {"key": ["customer", "day"]}), (PERIODS, {})],
)
def test_every_row_is_in_exactly_one_part_and_keeps_its_place(run, table, parts, params):
    found = [split(run, table, part["name"], parts, **params) for part in parts]

    assert sorted(row[2] for rows in found for row in rows) == list(range(MANY))
    assert all(rows == sorted(rows, key=lambda row: row[2]) for rows in found)


def test_equal_keys_stay_together_whatever_rows_there_are(run, table):
    params = {"parts": TRAIN_TEST, "key": ["customer"]}
    train = split(run, table, "train", **params)
    test = split(run, table, "test", **params)
    fewer = split(run, table, "train", **params, rows=ROWS[500:])

    assert not {row[0] for row in train} & {row[0] for row in test}
    assert fewer == [row for row in train if row[2] >= 500]
    assert 0.6 <= len({row[0] for row in train}) / 300 <= 0.8


def test_the_part_follows_from_the_digits_of_the_keys_digest(run, table):
    day = dt.date(2024, 1, 1)
    rows = [(name, day, i) for i, name in enumerate(["a", "b", "ä", "", None, "c" * 99])]
    params = {"parts": TRAIN_TEST, "key": ["customer", "n"], "rows": rows, "seed": 7}

    def drawn(row):
        text = "\x1f".join(["7", "\0" if row[0] is None else row[0], str(row[2])])
        return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16) / 2**32

    assert split(run, table, "train", **params) == [row for row in rows if drawn(row) < 0.7]


def test_another_seed_splits_otherwise(run, table):
    params = {"parts": TRAIN_TEST, "key": ["customer"]}
    assert split(run, table, "test", **params) != split(run, table, "test", **params, seed=1)


def test_the_first_condition_that_is_true_decides_and_unknown_is_not_true(run, table):
    parts = [{"name": "a", "where": "n > 1"}, {"name": "b", "where": "n > 0"}, {"name": "c"}]
    day = dt.date(2024, 1, 1)
    rows = [("x", day, n) for n in (2, 1, 0, None)]

    found = {part: split(run, table, part, parts, rows=rows) for part in "abc"}

    assert {part: [n for _, _, n in rows] for part, rows in found.items()} == {
        "a": [2],
        "b": [1],
        "c": [0, None],
    }


def parts(*fractions, **last):
    named = [{"name": f"p{i}", "fraction": f} for i, f in enumerate(fractions)]
    return [*named, *([{"name": "last", **last}] if last else [])]


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"parts": parts(0.5, 0.5), "part": "p9", "key": ["n"]}, ("E_PARAMETERS", "/part")),
        ({"parts": parts(0.5, 0.5), "part": "p0"}, ("E_PARAMETERS", "/key")),
        ({"parts": parts(0.5, 0.4), "part": "p0", "key": ["n"]}, ("E_PARAMETERS", "/parts")),
        ({"parts": parts(0.5, 0.6), "part": "p0", "key": ["n"]}, ("E_PARAMETERS", "/parts")),
        (
            {"parts": parts(0.5, where="n > 1"), "part": "p0", "key": ["n"]},
            ("E_PARAMETERS", "/parts"),
        ),
        (
            {"parts": [{"name": "a"}, {"name": "b"}], "part": "a", "key": ["n"]},
            ("E_PARAMETERS", "/parts"),
        ),
        (
            {"parts": [{"name": "a", "fraction": 0.5}] * 2, "part": "a", "key": ["n"]},
            ("E_PARAMETERS", "/parts/1/name"),
        ),
        (
            {"parts": [{"name": "a", "where": "m > 1"}, {"name": "b"}], "part": "a"},
            ("E_UNKNOWN_COLUMN", "/parts/0/where"),
        ),
        ({"parts": parts(0.5, 0.5), "part": "p0", "key": ["x"]}, ("E_UNKNOWN_COLUMN", "/key/0")),
        ({"parts": parts(0.5, 0.5), "part": "p0", "key": ["f"]}, ("E_TYPE", "/key/0")),
    ],
)
def test_what_is_wrong_is_found_where_it_stands(problems, table, params, found):
    columns = table({"n": "int64", "f": "float64"})
    assert problems({"op": "split_dataset", **params}, columns) == [found]


def test_sums_of_fractions_are_exact(problems, table):
    thirds = {"parts": parts(*[0.1] * 10), "part": "p9", "key": ["n"]}
    assert problems({"op": "split_dataset", **thirds}, table({"n": "int64"})) == []
