"""What is kept of valid specs, and what is no entry."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from ai_data_engineer.specifying.caching import spec_cache
from ai_data_engineer.specifying.caching.spec_cache import Entry, Found, forget, lookup, remember
from ai_data_engineer.specifying.provenance import Attempt, Provenance
from ai_data_engineer.stores.files import FileStore

KEY, OTHER = "a" * 64, "b" * 64
GOAL = "total amount by month"
HISTORY = Provenance(
    goal=GOAL,
    attempts=(
        Attempt(provider="gemini", model="m", sent="the question", received='{"steps": "é"}'),
        Attempt(provider="gemini", model="m", sent="mend it", received='{"steps": []}'),
    ),
)


def test_what_was_asked_and_said_comes_back_as_it_was(store, orders):
    assert remember(store, KEY, HISTORY, GOAL, orders, days=30) == ""

    found = lookup(store, KEY, days=30)

    assert found.problem == ""
    assert found.entry.provenance == HISTORY
    assert datetime.now(UTC) - found.entry.written < timedelta(minutes=1)


def test_another_question_has_no_entry(store, orders):
    remember(store, KEY, HISTORY, GOAL, orders, days=30)

    assert lookup(store, OTHER, days=30) == Found(None)


def test_no_cell_value_is_kept(store, orders, tmp_path):
    remember(store, KEY, HISTORY, GOAL, orders, days=30)

    kept = b"".join(p.read_bytes() for p in (tmp_path / "state").rglob("*") if p.is_file())

    assert b"the question" in kept
    for value in (b"Anna", b"Bruno", b"12.25", b"order_id"):
        assert value not in kept


def test_with_0_days_nothing_is_kept_or_given(store, orders):
    remember(store, KEY, HISTORY, GOAL, orders, days=0)
    assert list(store.keys("")) == []

    remember(store, KEY, HISTORY, GOAL, orders, days=30)
    assert lookup(store, KEY, days=0) == Found(None)


def test_an_entry_expires(tmp_path, orders):
    now = 1_000.0
    store = FileStore(tmp_path / "state", clock=lambda: now)
    remember(store, KEY, HISTORY, GOAL, orders, days=2)

    now += 1.9 * 24 * 3600
    assert lookup(store, KEY, days=30).entry is not None
    now += 0.2 * 24 * 3600
    assert lookup(store, KEY, days=30).entry is None


def test_fewer_days_count_for_what_was_kept_for_more(store):
    put(
        store,
        KEY,
        Entry(key=KEY, provenance=HISTORY, written=datetime.now(UTC) - timedelta(days=5)),
    )

    assert lookup(store, KEY, days=4).entry is None
    assert lookup(store, KEY, days=6).entry is not None


def put(store, key, entry, change=lambda text: text):
    """Write an entry as the cache does, its text changed before it is sealed."""
    text = change(entry.to_json())
    sealed = {"sha256": spec_cache._sha256(text), "entry": text}
    store.put(f"specs/{key}", json.dumps(sealed).encode())


def test_what_was_changed_after_it_was_sealed_is_no_entry(store, orders):
    remember(store, KEY, HISTORY, GOAL, orders, days=30)
    content = store.get(f"specs/{KEY}")
    store.put(f"specs/{KEY}", content.replace(b"mend it", b"amend it"))

    assert lookup(store, KEY, days=30) == Found(None)


def test_what_was_moved_to_another_key_is_no_entry(store, orders):
    remember(store, KEY, HISTORY, GOAL, orders, days=30)
    store.put(f"specs/{OTHER}", store.get(f"specs/{KEY}"))

    assert lookup(store, OTHER, days=30) == Found(None)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('"entry_version": "1"', '"entry_version": "2"'),
        lambda text: text.replace('"attempts"', '"tries"'),
        lambda text: text[:-10],
        lambda text: "",
    ],
    ids=["another version", "another form", "cut", "empty"],
)
def test_what_cannot_be_read_is_no_entry(store, change):
    entry = Entry(key=KEY, provenance=HISTORY, written=datetime.now(UTC))
    put(store, KEY, entry)
    assert lookup(store, KEY, days=30).entry == entry

    put(store, KEY, entry, change)
    assert lookup(store, KEY, days=30) == Found(None)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b'{"sha256": 1}', b"null"])
def test_nonsense_is_no_entry(store, content):
    store.put(f"specs/{KEY}", content)

    assert lookup(store, KEY, days=30) == Found(None)


def test_an_entry_can_be_forgotten(store, orders):
    remember(store, KEY, HISTORY, GOAL, orders, days=30)

    forget(store, KEY)

    assert lookup(store, KEY, days=30) == Found(None)


def test_a_store_out_of_reach_is_a_line_for_a_person_and_no_error(tmp_path, orders):
    (tmp_path / "file").touch()
    store = FileStore(tmp_path / "file" / "state")

    found = lookup(store, KEY, days=30)

    assert found.entry is None
    assert found.problem.startswith("Earlier specs are not looked for: Shared state in ")
    told = remember(store, KEY, HISTORY, GOAL, orders, days=30)
    assert told.startswith("The spec is not remembered: Shared state in ")
    forget(store, KEY)
