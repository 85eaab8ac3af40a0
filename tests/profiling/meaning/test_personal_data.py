import polars as pl
import pytest

from ai_data_engineer.profiling.profile import ColumnProfile
from ai_data_engineer.profiling.table import ColumnSource, profile_table


def profile(**columns: list[str | None]) -> dict[str, ColumnProfile]:
    rows = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    table = profile_table(rows, [ColumnSource(name, name) for name in columns])
    return {column.name: column for column in table.columns}


@pytest.mark.parametrize(
    ("name", "values", "pii"),
    [
        ("x", ["ada@example.org", "bob@example.org"], "email"),
        ("contact", ["+49 30 901820", "+49 89 23300"], "phone"),
        ("last_name", ["Lovelace", "Byron"], "name"),
        ("vorname", ["Ada", "George"], "name"),
        ("passenger_name", ["Ada Lovelace", "George Byron"], "name"),
        ("street_address", ["1 Main St", "2 Oak Ave"], "address"),
        ("on_street", ["EMERSON ST", "ADDISON AV"], None),
        ("website_address", ["example.org", "example.com"], None),
        ("dob", ["1990-01-05", "1985-12-31"], "birth_date"),
        ("x", ["123-45-6788", "536-22-8127"], "national_number"),
        ("passport_no", ["C01X00T47", "C01X00T48"], "national_number"),
        ("x", ["4111111111111111", "5500005555555559"], None),
        ("x", ["4111111111111111", "5500005555555559", "340000000000009"], "card"),
        ("card", ["4111111111111111", "5500005555555559"], "card"),
        ("x", ["DE89370400440532013000", "GB82WEST12345698765432"], "iban"),
        ("client", ["192.168.0.1", "10.0.0.1"], "ip"),
        ("password", ["hunter2", "swordfish"], "credential"),
        ("api_key", ["abc123", "def456"], "credential"),
        ("file_name", ["Report One", "Report Two"], None),
        ("product_name", ["Desk Lamp", "Arm Chair"], None),
        ("country_name", ["New Zealand", "South Africa"], None),
        ("name", ["Abbeville Chris Crusta", "Aberdeen Regional"], None),
        ("ip_address", ["a", "b"], None),
        ("email_sent", ["yes", "no"], None),
        ("version", ["10.0.0.1", "10.0.0.2"], None),
        ("birth_rate", ["1.5", "2.5"], None),
        ("latitude", ["52.5", "48.1"], None),
        ("key", ["a1", "b2"], None),
    ],
)
def test_class_of_personal_data(name: str, values: list[str | None], pii: str | None) -> None:
    assert profile(**{name: values})[name].pii == pii


def test_the_reason_names_the_column_or_the_share_of_the_values() -> None:
    found = profile(x=["ada@example.org"] * 19 + ["none"], first_name=["Ada"] * 20)

    assert found["x"].pii_reason == "95% of the values"
    assert found["first_name"].pii_reason == "name of the column"


def test_positions_postcodes_and_bare_names_are_personal_among_people() -> None:
    own = {
        "name": ["Ada Lovelace", "George Byron"],
        "zip": ["12345", "12346"],
        "lat": ["52.5", "48.1"],
    }
    alone = profile(**own)
    among_people = profile(**own, email=["ada@example.org", "george@example.org"])

    assert [alone[c].pii for c in own] == [None, None, None]
    assert [among_people[c].pii for c in own] == ["name", "address", "location"]


def test_fields_of_lists_and_objects_are_looked_into() -> None:
    rows = pl.DataFrame(
        {
            "people": [[{"mail": "ada@example.org", "age": 36}], [], [{"mail": None, "age": 1}]],
            "phones": [["+49 30 901820"], ["+49 89 23300", None], None],
            "sizes": [[{"name": "small"}], [{"name": "large"}], None],
        }
    )
    found = {
        c.name: c for c in profile_table(rows, [ColumnSource(n, n) for n in rows.columns]).columns
    }

    assert (found["people"].pii, found["people"].pii_reason) == (
        "email",
        "`people[].mail`: 100% of the values",
    )
    assert found["phones"].pii == "phone"
    assert found["sizes"].pii is None
