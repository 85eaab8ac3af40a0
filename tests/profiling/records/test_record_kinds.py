from __future__ import annotations

from ai_data_engineer.profiling.records.record_kinds import Kinds, find_kinds

CLICKS = [{"type": "click", "x": n, "y": n, "button": "left"} for n in range(8)]
PAGES = [{"type": "page", "url": "/a", "title": "t", "referrer": "/b"} for n in range(5)]


def test_records_of_several_kinds_are_told_apart_by_a_field() -> None:
    assert find_kinds(CLICKS + PAGES) == Kinds("type", (("click", 8), ("page", 5)))


def test_a_field_of_categories_tells_nothing_apart_where_all_have_the_same_fields() -> None:
    assert find_kinds([{"type": "ab"[n % 2], "size": n} for n in range(20)]) is None


def test_fields_that_are_often_missing_make_no_kinds() -> None:
    records = [{"type": "ab"[n % 2], **({"x": 1} if n % 3 else {"y": 2})} for n in range(30)]
    assert find_kinds(records) is None


def test_payloads_that_differ_make_kinds_too() -> None:
    events = [{"event": "push", "payload": {"commits": n, "ref": "x"}} for n in range(9)]
    events += [{"event": "star", "payload": {"action": "started", "user": "x"}} for n in range(9)]
    found = find_kinds(events)
    assert found is not None
    assert found.field == "event"
