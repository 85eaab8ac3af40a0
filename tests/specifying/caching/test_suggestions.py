"""Earlier goals that are offered."""

from datetime import UTC, datetime, timedelta

import pytest

from ai_data_engineer.specifying.caching import earlier_goals as module
from ai_data_engineer.specifying.caching.earlier_goals import (
    add_goal,
    earlier_goals,
    share_of_equal,
)
from ai_data_engineer.specifying.caching.suggestions import suggestions
from ai_data_engineer.stores.files import FileStore
from tests.specifying.caching.conftest import ORDERS, STAFF
from tests.work import calls

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def add(store, sources, *goals, first=NOON):
    for number, goal in enumerate(goals):
        key = f"{number:064}"
        written = first + timedelta(minutes=number)
        add_goal(store, key, goal, sources, written=written, seconds=1e6)


def offered(store, goal, sources):
    return [s.goal for s in suggestions(store, goal, sources)]


def test_goals_with_the_same_words_are_offered_the_most_similar_first(store, orders):
    add(
        store,
        orders,
        "total amount by customer",
        "monthly total amount of paid orders",
        "remove duplicates and sort by date",
    )

    found = suggestions(store, "total amount of paid orders", orders)

    assert [s.goal for s in found] == [
        "monthly total amount of paid orders",
        "total amount by customer",
    ]
    assert found[0].similarity > found[1].similarity > 0.4
    assert (found[0].key, found[0].when) == (f"{1:064}", NOON + timedelta(minutes=1))


def test_the_opposite_is_offered_too_which_is_why_it_is_never_served(store, orders):
    add(store, orders, "orders below 100")

    assert offered(store, "orders above 100", orders) == ["orders below 100"]


def test_at_most_three_are_offered(store, orders):
    add(store, orders, *(f"total amount by month, top {n}" for n in range(9)))

    assert len(offered(store, "total amount by month", orders)) == 3


def test_nothing_in_common_is_no_suggestion(store, orders):
    add(store, orders, "drop the notes", "unpivot the weeks")

    assert offered(store, "total amount by month", orders) == []
    assert offered(store, "", orders) == []
    assert offered(store, "!?", orders) == []


@pytest.mark.parametrize(
    ("text", "is_alike"),
    [
        (ORDERS, True),
        (ORDERS + "4,Dana,1.00,paid,2024-02-02\n", True),
        ("order_id,customer,amount,status,ordered_on,city\n1,A,2.0,paid,2024-01-01,Rome\n", True),
        ("order_id,customer,amount\n1,A,2.0\n", False),
        (STAFF, False),
    ],
    ids=["the same", "a record more", "a column more", "two columns less", "another table"],
)
def test_only_sources_with_nearly_the_same_columns_are_of_one_kind(
    store, orders, profiled, text, is_alike
):
    add(store, orders, "total amount by month")

    found = offered(store, "total amount by month", profiled(text, "later/orders.csv"))

    assert found == (["total amount by month"] if is_alike else [])


def test_the_same_goal_again_is_one_suggestion(store, orders):
    add(store, orders, "total amount by month", "total  amount by month")

    (found,) = suggestions(store, "amount by month", orders)

    assert found.when == NOON + timedelta(minutes=1)
    assert len(earlier_goals(store)) == 1


def test_what_is_personal_or_secret_in_a_goal_is_masked(store, orders, tmp_path):
    add(store, orders, "only orders of jane.doe@example.com paid with 4111 1111 1111 1111")

    assert offered(store, "orders of jane.doe@example.com paid", orders) == [
        "only orders of [email] paid with [card]"
    ]
    kept = b"".join(p.read_bytes() for p in (tmp_path / "state").rglob("*") if p.is_file())
    assert b"jane" not in kept
    assert b"4111" not in kept


def test_a_goal_of_pages_is_not_kept(store, orders):
    add(store, orders, "total amount " * 200)

    assert earlier_goals(store) == ()


def test_the_latest_are_kept(store, orders, monkeypatch):
    monkeypatch.setattr(module, "MOST", 3)

    add(store, orders, *(f"goal {n}" for n in range(5)))

    assert [g.goal for g in earlier_goals(store)] == ["goal 2", "goal 3", "goal 4"]


def test_a_damaged_index_is_an_empty_one(store, orders):
    store.put("goals", b'{"index_version": "0"}')

    assert offered(store, "total amount", orders) == []
    add(store, orders, "total amount")
    assert offered(store, "total amount", orders) == ["total amount"]


def test_a_store_out_of_reach_offers_nothing(tmp_path, orders):
    (tmp_path / "file").touch()

    assert suggestions(FileStore(tmp_path / "file" / "s"), "total amount", orders) == ()


def test_columns_are_compared_by_a_sketch_that_is_as_good_as_all_of_them():
    def wide(start):
        names = {f"column_{n}" for n in range(start, start + 1000)}
        hashes = {
            int.from_bytes(module.hashlib.sha256(n.encode()).digest()[:6], "big") for n in names
        }
        return tuple(sorted(hashes)[: module.SKETCH])

    assert share_of_equal(wide(0), wide(0)) == 1
    assert share_of_equal(wide(0), wide(100)) == pytest.approx(900 / 1100, abs=0.15)
    assert share_of_equal(wide(0), wide(1000)) == 0
    assert share_of_equal((), ()) == 0


def test_twice_the_goals_are_twice_the_work(store, orders):
    goals = tuple(
        module.EarlierGoal(
            goal=f"total amount by month for the customers of region {n}, sorted by amount, top {n}",
            key=f"{n:064}",
            columns=module.sketch(orders),
            written=NOON,
        )
        for n in range(1000)
    )

    def work(number):
        store.put("goals", module._Index(goals=goals[:number]).model_dump_json().encode())
        return calls(lambda: offered(store, "total amount by month and region", orders))

    assert work(1000) < 2.5 * work(500)


def test_a_person_in_the_data_is_not_told_to_whom_a_goal_is_offered(store, profiled):
    names = ["Okafor", "Lindqvist", "Featherstonehaugh"]
    rows = "".join(f"{n},{names[n % 3]},{n}@example.com\n" for n in range(40))
    people = profiled(f"id,surname,email\n{rows}", "people.csv", "people")
    add(store, people, "all visits of Lindqvist by month")

    assert offered(store, "all visits by month", people) == ["all visits of private_1 by month"]
