from __future__ import annotations

import base64
import hashlib
import re

import polars as pl
import pytest

from ai_data_engineer.parsing import Parse
from ai_data_engineer.profiling.profile import (
    ChildColumn,
    ChildTable,
    ColumnProfile,
    FunctionalDependency,
    HistogramBin,
    ProfileWarning,
    RecordKinds,
    Records,
    Reference,
    RejectedRecord,
    RepeatedColumns,
    ValueCount,
)
from ai_data_engineer.profiling.report_html import profile_page
from ai_data_engineer.profiling.report_html.warning_ranks import rank_of
from ai_data_engineer.profiling.warning_codes import WARNINGS
from ai_data_engineer.types import LogicalType
from tests.profiling.report_html.pages import (
    HOSTILE,
    bodies,
    hostile_rows,
    profiled,
    read,
    texts,
)

ORDERS = pl.DataFrame(
    {
        "Order ID": [str(i) for i in range(1, 41)],
        "Amount": [f"{i % 7}.50" for i in range(40)],
        "Status": ["paid", "open", "paid", "sent"] * 10,
        "Placed": [f"2024-01-{1 + i % 28:02}" for i in range(40)],
        "Note": ["x", *[None] * 39],
    }
)


def test_each_column_is_a_row_with_its_figures() -> None:
    tree = read(profile_page(profiled(ORDERS)))

    assert texts(tree.xpath('//details[@class="c"]/summary/h3')) == ORDERS.columns
    types = texts(tree.xpath('//details[@class="c"]/summary/*[@class="t"]'))
    assert types == ["int64", "decimal(18,2)", "string", "date", "string"]
    (amount,) = tree.xpath('//details[@id="c1"]')
    assert texts(amount.xpath('.//*[@class="r"]')) == ["range 0.50 … 6.50"]
    assert "50 % 3.5" in texts(amount.xpath(".//tr"))
    assert amount.xpath('.//svg[@class="histogram"]/@aria-label')[0].startswith(
        "Histogram of 7 bins from 0.5 to 6.5"
    )
    (status,) = tree.xpath('//details[@id="c2"]')
    assert "paid 20 50 %" in texts(status.xpath('.//*[contains(@class, "bars")]//tr'))


def test_a_range_over_days_tells_the_days_alone() -> None:
    rows = pl.DataFrame({
        "over days": ["2024-01-01T10:00:00Z", "2024-03-01T11:00:00Z"],
        "in a day": ["2024-01-01T10:00:00Z", "2024-01-01T11:00:00Z"],
    })  # fmt: skip
    tree = read(profile_page(profiled(rows)))
    assert texts(tree.xpath('//summary/*[@class="r"]')) == [
        "range 2024-01-01 … 2024-03-01",
        "range 2024-01-01T10:00:00Z … 2024-01-01T11:00:00Z",
    ]


def test_every_warning_is_told_above_the_columns() -> None:
    names = ("order_id", "amount", "status")
    warnings = [
        ProfileWarning(code="W_REJECTED_ROWS", message="Three were set aside."),
        ProfileWarning(code="W_NOT_KNOWN_HERE", message="Something new."),
        *(
            ProfileWarning(code="W_SENTINEL", message=f"In {i}.", column=c)
            for i, c in enumerate(names)
        ),
        ProfileWarning(code="W_SENTINEL", message="Of no column here.", column="gone"),
    ]
    profile = profiled(ORDERS, warnings)
    tree = read(profile_page(profile))

    (section,) = tree.xpath('//section[@id="warnings"]')
    told = section.text_content()
    assert all(warning.code in told for warning in profile.warnings)
    assert "Three were set aside." in told
    assert "Something new." in told
    assert "Of no column here. (gone)" in " ".join(told.split())
    assert "3 columns: Values far from all others" in " ".join(told.split())
    assert section.xpath('.//a[@href="#c2"]')
    assert "W_SENTINEL In 2." in texts(tree.xpath('//details[@id="c2"]//*[@class="told"]/li'))


def test_what_loses_data_comes_first() -> None:
    codes = ["W_CONSTANT_COLUMN", "W_PERSONAL_DATA", "W_SENTINEL", "W_REJECTED_ROWS"]
    warnings = [ProfileWarning(code=code, message="…") for code in codes]
    tree = read(profile_page(profiled(ORDERS.select("Order ID"), warnings)))

    told = [found.text for found in tree.xpath('//section[@id="warnings"]//code')]
    assert told == ["W_REJECTED_ROWS", "W_PERSONAL_DATA", "W_SENTINEL", "W_CONSTANT_COLUMN"]


def test_every_code_that_is_ranked_exists() -> None:
    ranked = {code for code in WARNINGS if rank_of(code) != "note"}
    assert {"W_MIXED_TYPES", "W_PERSONAL_DATA", "W_NO_KEY"} <= ranked
    assert rank_of("W_CONSTANT_COLUMN") == "note"


def test_many_columns_of_one_warning_are_counted_not_listed() -> None:
    rows = pl.DataFrame({f"same {i}": ["x", "x"] for i in range(50)})
    tree = read(profile_page(profiled(rows)))

    (section,) = tree.xpath('//section[@id="warnings"]')
    assert "50 columns:" in section.text_content()
    assert "and 42 more" in section.text_content()
    assert section.xpath('.//button[@data-code="W_CONSTANT_COLUMN"]')


def test_values_of_personal_data_are_not_shown() -> None:
    names = ["Ada Lovelace", "Grace Hopper"] * 10
    rows = pl.DataFrame({"last_name": names, "dob": ["1815-12-10", "1906-12-09"] * 10})
    page = profile_page(profiled(rows))

    assert "personal: name" in page
    assert "personal: birth date" in page
    assert "Values are not shown" in page
    for secret in ("Lovelace", "Hopper", "1815", "1906"):
        assert secret not in page


def test_keys_and_relations_are_linked() -> None:
    profile = profiled(
        ORDERS,
        references=(
            Reference(column="order_id", source="sales", source_column="id", containment=0.997),
        ),
        functional_dependencies=(
            FunctionalDependency(
                determinant="status", dependent="amount", violations=2, share=0.95
            ),
        ),
    )
    tree = read(profile_page(profile))

    (section,) = tree.xpath('//section[@id="between"]')
    (told,) = texts([section])
    assert "Order ID → sales.id has 99.7 % of its values" in told
    assert "Status Amount 95 % 2 records" in told
    assert section.xpath('.//ol//a[@href="#c0"]')
    relations = texts(tree.xpath('//details[@id="c1"]//li'))
    assert "Determined by Status in 95 % of the records" in relations


def test_records_set_aside_have_their_lines_and_reasons() -> None:
    records = Records(
        read=500,
        total=500,
        total_is_exact=True,
        rejected=120,
        rejected_reasons={"3 cells instead of 5": 120},
        rejects=(RejectedRecord(line=1234, reason="3 cells instead of 5", file="b.csv"),),
    )
    tree = read(profile_page(profiled(ORDERS, records=records)))

    (section,) = tree.xpath('//section[@id="rejects"]')
    assert "3 cells instead of 5 120" in texts(section.xpath(".//tr"))
    assert "b.csv 1,234 3 cells instead of 5" in texts(section.xpath(".//tr"))
    assert "and 119 more" in section.text_content()


def test_names_and_values_that_are_code_stay_text() -> None:
    profile = profiled(hostile_rows(), uri="s3://bucket/<script>window.pwned=1</script>.csv")
    page = profile_page(profile)
    tree = read(page)

    assert len(tree.xpath("//script")) == 1
    assert len(tree.xpath("//style")) == 1
    assert not tree.xpath("//img | //iframe | //object | //embed | //base")
    assert not [a for a in tree.xpath("//@*") if a.attrname.startswith("on")]
    assert texts(tree.xpath("//details/summary/h3"))[:2] == list(HOSTILE[:2])
    assert not re.search("[\u202a-\u202e\u2028\u2029\x00]", page)


def test_a_profile_that_someone_wrote_by_hand_stays_text() -> None:
    evil = HOSTILE[1] + HOSTILE[2] + HOSTILE[4]
    column = ColumnProfile(
        name=evil,
        source_name=evil,
        path=(evil, evil),
        type=LogicalType("struct", fields=((evil, LogicalType("int64")),)),
        parse=Parse(null_tokens=(evil,), date_format=evil[:64], prefix=evil[:8]),
        nullable=True,
        null_count=1,
        min=evil,
        max=evil,
        unit=evil,
        top_values=(ValueCount(value=evil, count=-3),),
        shapes=(ValueCount(value=evil, count=3),),
        histogram=(HistogramBin(low=float("-inf"), high=float("nan"), count=1),),
        pii_reason=evil,
    )
    rejects = (RejectedRecord(line=1, reason=evil, file=evil),)
    profile = profiled(
        ORDERS,
        [ProfileWarning(code=evil, message=evil, column=evil)],
        uri=evil,
        records=Records(
            read=2, total=2, total_is_exact=True, rejected=1,
            rejected_reasons={evil: 1}, rejects=rejects,
        ),
        record_path=evil,
        record_path_alternatives=(evil,),
        sheet_alternatives=(evil,),
        record_kinds=RecordKinds(column=evil, counts=(ValueCount(value=evil, count=1),)),
        child_tables=(
            ChildTable(
                path=evil, column=evil, parent_key=(evil,), rows=1,
                columns=(ChildColumn(name=evil, type=LogicalType("int64")),),
            ),
        ),
        references=(Reference(column=evil, source=evil, source_column=evil, containment=1),),
        functional_dependencies=(FunctionalDependency(determinant=evil, dependent=evil),),
    ).model_copy(
        update={
            "columns": (column,),
            "candidate_keys": ((evil, "gone"),),
            "repeated_columns": (RepeatedColumns(columns=(evil, "gone"), kind="identical"),),
            "encoding": evil,
            "digest": evil,
        }
    )  # fmt: skip
    page = profile_page(profile)
    tree = read(page)

    assert len(tree.xpath("//script")) == 1
    assert not tree.xpath("//img | //iframe | //b[contains(@class, 'pwned')]")
    assert not [a for a in tree.xpath("//@*") if a.attrname.startswith("on")]
    assert not re.search("[\u202a-\u202e\u2028\u2029\x00]", page)


def test_the_page_loads_nothing_and_its_policy_says_so() -> None:
    tree = read(profile_page(profiled(ORDERS)))

    assert {str(found) for found in tree.xpath("//@src | //link/@href")} == {"data:,"}
    assert all(str(found).startswith("#") for found in tree.xpath("//a/@href"))
    (policy,) = tree.xpath('//meta[@http-equiv="Content-Security-Policy"]/@content')
    assert policy.startswith("default-src 'none'; ")
    for tag in ("style", "script"):
        (text,) = tree.xpath(f"//{tag}/text()")
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert not tree.xpath("//@style")


def test_one_profile_is_one_page() -> None:
    assert profile_page(profiled(ORDERS)) == profile_page(profiled(ORDERS))


@pytest.fixture(scope="module")
def wide() -> str:
    rows = pl.DataFrame({f"figure {i}": [str(i), str(i + 1), "<b>"] for i in range(450)})
    return profile_page(profiled(rows))


def test_a_wide_page_packs_what_opens(wide: str) -> None:
    tree = read(wide)

    assert len(tree.xpath('//details[@class="c"]')) == 450
    assert not tree.xpath('//div[@class="body"]')
    found = bodies(tree)
    assert len(found) == 450
    assert "<code>figure_449</code>" in found[449]
    assert "&lt;b&gt;" in found[449]
    assert "<b>" not in found[449].replace('<b class="mark">', "")


def test_a_wide_page_is_small(wide: str) -> None:
    assert len(wide) / 450 < 1_200  # bytes a column


def test_ids_are_unique_and_links_lead_somewhere() -> None:
    tree = read(profile_page(profiled(ORDERS)))

    ids = [str(found) for found in tree.xpath("//@id")]
    assert len(ids) == len(set(ids))
    assert {str(found)[1:] for found in tree.xpath("//a/@href")} <= set(ids)


def test_a_source_without_records_has_a_page() -> None:
    rows = pl.DataFrame({"a": [], "b": []}, schema={"a": pl.String, "b": pl.String})
    tree = read(profile_page(profiled(rows)))
    assert texts(tree.xpath("//details/summary/h3")) == ["a", "b"]
