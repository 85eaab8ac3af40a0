from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ai_data_engineer.profiling import profile_source
from ai_data_engineer.profiling.profile import ColumnProfile, FileProfile, Records
from ai_data_engineer.specifying.privacy.aliases import Aliases
from ai_data_engineer.types import LogicalType


def profile_with(*names: str, kinds: dict[str, str] | None = None) -> FileProfile:
    """A profile whose columns are called so in the source; safe names as a profiler writes them."""
    from ai_data_engineer.profiling.names import safe_names

    columns = tuple(
        ColumnProfile(
            name=safe, source_name=name, nullable=False, null_count=0,
            type=LogicalType.parse((kinds or {}).get(name, "string")),
        )
        for name, safe in zip(names, safe_names(names), strict=True)
    )  # fmt: skip
    return FileProfile(
        uri="file:///data/orders.csv", name="orders", format="csv", size_bytes=1, bytes_read=1,
        digest="0", records=Records(read=1, total=1, total_is_exact=True), columns=columns,
    )  # fmt: skip


def aliases_of(*names: str, goal: str = "", kinds: dict[str, str] | None = None) -> Aliases:
    return Aliases([("orders", profile_with(*names, kinds=kinds))], goal)


def test_a_name_that_is_data_has_a_stand_in_and_others_are_shown() -> None:
    aliases = aliases_of("day", "jane@example.com", "status")
    assert [aliases.hide_name(n) for n in ("day", "jane_example_com", "status")] == [
        "day", "column_1", "status",
    ]  # fmt: skip
    assert aliases.hide_name("jane@example.com") == "column_1"


def test_a_stand_in_is_never_a_name_that_is_there() -> None:
    aliases = aliases_of("column_1", "Column 2", "jane@example.com", "private_1", goal="to a@b.org")
    assert aliases.hide_name("jane_example_com") == "column_3"
    assert aliases.hide("to a@b.org") == "to private_2"
    assert aliases.reveal({"where": "column_1 = column_3"}) == {
        "where": "column_1 = jane_example_com"
    }


def test_names_within_types_are_hidden_and_quoted_when_turned_back() -> None:
    kind = 'struct<"jane@example.com": struct<balance: float64>, city: string>'
    aliases = aliases_of("accounts", kinds={"accounts": kind})
    hidden = aliases.hide_type(LogicalType.parse(kind))
    assert hidden == "struct<field_1: struct<balance: float64>, city: string>"
    assert aliases.hide_name(kind) == hidden
    assert aliases.reveal({"where": "accounts.field_1.balance > 3"}) == {
        "where": 'accounts."jane@example.com".balance > 3'
    }


def test_a_source_called_by_a_person_is_hidden(tmp_path: Path) -> None:
    path = tmp_path / "john.smith@example.com.csv"
    path.write_text("order_id,amount\n1,2.5\n2,3.5\n")
    profile = profile_source(str(path))
    aliases = Aliases([(profile.name, profile)])
    assert aliases.hide_name(profile.name) == "source_1"
    answer = {"steps": [{"id": "kept", "op": "limit", "inputs": ["source_1"], "params": {"n": 1}}]}
    assert aliases.reveal(answer)["steps"][0]["inputs"] == [profile.name]


GOAL = "Only jane@Example.com, O'Neil's card 4111 1111 1111 1111 and pwd: s'3cret9"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ({"where": "email = 'private_1'"}, {"where": "email = 'jane@Example.com'"}),
        ({"where": "email = 'Private_1'"}, {"where": "email = 'jane@Example.com'"}),
        ({"where": "email = 'PRIVATE-1'"}, {"where": "email = 'jane@Example.com'"}),
        ({"where": "email = private_1"}, {"where": "email = 'jane@Example.com'"}),
        ({"where": 'email = "private_1"'}, {"where": "email = 'jane@Example.com'"}),
        ({"where": "lower(email) = 'private_1'"}, {"where": "lower(email) = 'jane@example.com'"}),
        ({"where": "upper(email)='PRIVATE_1'"}, {"where": "upper(email)='JANE@EXAMPLE.COM'"}),
        (
            {"where": "lower(trim(email)) IN ('x', 'private_1')"},
            {"where": "lower(trim(email)) IN ('x', 'jane@example.com')"},
        ),
        ({"where": "email LIKE '%private_1%'"}, {"where": "email LIKE '%jane@Example.com%'"}),
        (
            {"where": "regexp_matches(email, '^private_1$')"},
            {"where": r"regexp_matches(email, '^jane@Example\.com$')"},
        ),
        ({"pattern": "^private_1"}, {"pattern": r"^jane@Example\.com"}),
        ({"value": "private_1"}, {"value": "jane@Example.com"}),
        ({"mapping": {"private_1": "her"}}, {"mapping": {"jane@Example.com": "her"}}),
        ({"names": ["private_1", "x"]}, {"names": ["jane@Example.com", "x"]}),
        (
            {"params": '{"where": "email = \'private_1\'"}'},
            {"params": '{"where": "email = \'jane@Example.com\'"}'},
        ),
        (
            {"assumptions": ["It's private_1's order."]},
            {"assumptions": ["It's jane@Example.com's order."]},
        ),
        ({"where": "card = 'private_2'"}, {"where": "card = '4111 1111 1111 1111'"}),
        ({"where": "x = 'private_9'"}, {"where": "x = 'private_9'"}),
        ({"where": "filter_private_1 > 3"}, {"where": "filter_private_1 > 3"}),
        ({"n": 3, "ok": True, "no": None}, {"n": 3, "ok": True, "no": None}),
    ],
)
def test_what_a_model_writes_with_a_stand_in_is_turned_back(written: Any, meant: Any) -> None:
    aliases = aliases_of("email", "card", goal=GOAL)
    assert aliases.hide(GOAL).startswith("Only private_1, O'Neil's card private_2 and pwd: private")
    assert aliases.reveal(written) == meant


def test_a_quote_in_a_value_is_doubled_in_sql() -> None:
    aliases = Aliases(goal="the patient Siobhan O'Neil only")
    assert aliases.hide("the patient Siobhan O'Neil only") == "the patient private_1 only"
    assert aliases.reveal({"where": "name = 'private_1'", "value": "private_1"}) == {
        "where": "name = 'Siobhan O''Neil'",
        "value": "Siobhan O'Neil",
    }


def test_a_number_stays_a_number_where_it_stood_for_one() -> None:
    aliases = Aliases(goal="account 4711000815 only")
    assert aliases.hide("account 4711000815 only") == "account private_1 only"
    revealed = aliases.reveal({"where": "account = private_1 OR name = 'private_1'"})
    assert revealed == {"where": "account = 4711000815 OR name = '4711000815'"}


def test_columns_are_turned_back_in_expressions_lists_keys_and_nested_texts() -> None:
    aliases = aliases_of("day", "jane@example.com", "bob@example.org")
    answer = {
        "steps": [
            {"op": "derive", "params": {"columns": {"sum": "column_1 + COLUMN_2 * 2"}}},
            {"op": "rename", "params": {"columns": {"column_1": "hers"}}},
            {"op": "select", "params": {"columns": ["day", "column_2"]}},
            {"op": "filter", "params": {"where": "\"column_1\" > 3 AND `column_2` <> 'column_1'"}},
        ]
    }
    revealed = [step["params"] for step in aliases.reveal(answer)["steps"]]
    assert revealed == [
        {"columns": {"sum": "jane_example_com + bob_example_org * 2"}},
        {"columns": {"jane_example_com": "hers"}},
        {"columns": ["day", "bob_example_org"]},
        {"where": "\"jane_example_com\" > 3 AND `bob_example_org` <> 'jane_example_com'"},
    ]


def test_an_answer_turned_back_is_hidden_again_with_the_same_stand_ins() -> None:
    goal = "Only jane@example.com, sum per O'Hara Siobhan"
    aliases = aliases_of("day", "bob@example.org", goal=goal)
    answer = {
        "where": "email = 'private_1' AND column_1 > 3 AND lower(e) = 'private_1'",
        "columns": {"column_1": "x"},
        "values": ["private_1"],
    }
    revealed = aliases.reveal(answer)
    assert "private" not in json.dumps(revealed)
    assert aliases.hide_value(revealed) == answer


def test_what_a_model_made_up_is_shown_to_it_again_and_read_by_other_aliases() -> None:
    goal = "Only jane@example.com"
    shown = Aliases(goal=goal).hide_value({"where": "a = 'jane@example.com' OR b = 'Priya Nair'"})
    assert shown == {"where": "a = 'private_1' OR b = 'Priya Nair'"}
    assert Aliases(goal=goal).reveal(shown)["where"].startswith("a = 'jane@example.com' OR")


def test_findings_do_not_tell_what_is_private() -> None:
    aliases = aliases_of("day", "bob@example.org")
    message = "There is no column `Priya Nair`. Did you mean `bob_example_org`? Line 3: AKIA"
    message += "IOSFODNN7EXAMPLE"
    hidden = aliases.hide(message)
    assert hidden == (
        "There is no column `private_1`. Did you mean `column_1`? Line 3: private_2"
    )  # fmt: skip


def test_names_that_are_shown_stay_in_every_text() -> None:
    aliases = aliases_of("Max Value", "May Rose Width")
    text = "no column \"May Rose Width\", `may_rose_width` or 'Max Value'"
    assert aliases.hide(text) == text


def test_the_same_sources_and_goal_give_the_same_stand_ins() -> None:
    made = [aliases_of("day", "a@example.com", "b@example.com", goal=GOAL) for _ in range(2)]
    texts = [
        [a.hide(GOAL), a.hide_name("b_example_com"), a.hide("see c@example.com")] for a in made
    ]
    assert texts[0] == texts[1]


def test_one_name_has_one_stand_in_in_all_sources() -> None:
    orders = profile_with("day", "jane@example.com")
    people = profile_with("jane@example.com", "bob@example.org")
    aliases = Aliases([("orders", orders), ("people", people)])
    assert aliases.hide_name("jane_example_com") == "column_1"
    assert aliases.hide_name("bob_example_org") == "column_2"


def test_numbers_of_json_are_hidden_too_where_they_are_private() -> None:
    aliases = Aliases(goal="only card 4111111111111111")
    assert aliases.hide_value({"value": 4111111111111111, "n": 10, "share": 0.25}) == {
        "value": "private_1",
        "n": 10,
        "share": 0.25,
    }


def test_a_surname_in_a_goal_is_known_by_the_column_it_is_from(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    names = ["Wojciechowska", "Featherstonehaugh", "Okafor", "Lindqvist", "Nakamura"]
    rows = "".join(f"{n},{names[n % 5]},{n}@example.com\n" for n in range(40))
    path.write_text(f"id,surname,email\n{rows}")
    profile = profile_source(str(path))
    aliases = Aliases([("people", profile)], "Only Lindqvist, please")
    assert aliases.hide("Only Lindqvist, please") == "Only private_1, please"
    assert aliases.reveal({"where": "surname = 'private_1'"}) == {"where": "surname = 'Lindqvist'"}


def test_a_part_of_a_name_in_a_goal_is_known_by_the_column_it_is_from(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    names = ["Ngozi Okafor", "Jane Price", "Aino Lindqvist"]
    rows = "".join(f"{n},{names[n % 3]},{n}@example.com\n" for n in range(40))
    path.write_text(f"id,full_name,email\n{rows}")
    goal = "all of okafor, and those of the best price"
    aliases = Aliases([("people", profile_source(str(path)))], goal)
    assert aliases.hide(goal) == "all of private_1, and those of the best price"


def test_keys_beside_a_key_that_is_data_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "accounts.ndjson"
    record = {"id": 1, "acc": [{"jane@example.com": 1, "qty": 2}], "DE89370400440532013000": 3}
    path.write_text("".join(json.dumps(record | {"id": n}) + "\n" for n in range(20)))
    profile = profile_source(str(path))
    aliases = Aliases([(profile.name, profile)])
    assert [aliases.hide_name(c.name) for c in profile.columns] == ["id", "acc", "column_1"]
    assert aliases.hide_type(profile.columns[1].type) == "list<struct<field_1: int64, qty: int64>>"
