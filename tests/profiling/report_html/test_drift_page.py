import polars as pl

from ai_data_engineer.profiling.drift import compare
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.profiling.report_html import drift_page
from tests.profiling.report_html.pages import bodies, hostile_rows, profiled, read, texts

BEFORE = pl.DataFrame(
    {
        "id": [str(i) for i in range(100)],
        "amount": [str(i % 10) for i in range(100)],
        "note": ["a", "b"] * 50,
    }
)
AFTER = pl.DataFrame(
    {
        "id": [str(i) for i in range(100)],
        "amount": [str(50 + i % 10) for i in range(100)],
        "place": ["2024-05-01", None] * 50,
    }
)


def page(before: FileProfile, after: FileProfile) -> str:
    return drift_page(before, after, compare(before, after))


def test_every_change_is_told_the_worst_first() -> None:
    before, after = profiled(BEFORE), profiled(AFTER, uri="data/later.csv")
    tree = read(page(before, after))

    (section,) = tree.xpath('//section[@id="changes"]')
    told = " ".join(section.text_content().split())
    changes = compare(before, after).changes
    assert len(changes) >= 4
    assert all(change.message in told and change.code in told for change in changes)
    assert [h.split(":")[0] for h in texts(section.xpath("./h3"))][:2] == ["Critical", "Warning"]


def test_columns_of_both_stand_in_one_list_and_say_what_became_of_them() -> None:
    tree = read(page(profiled(BEFORE), profiled(AFTER)))

    assert texts(tree.xpath('//details[@class="c"]/summary/h3')) == [
        "id",
        "amount",
        "place",
        "note",
    ]
    tags = texts(tree.xpath('//details[@class="c"]//*[@class="g"]'))
    assert tags[0] == ""
    assert "warning" in tags[1]
    assert tags[2].endswith("new")
    assert tags[3].endswith("gone")
    (amount,) = tree.xpath('//details[@id="c1"]')
    assert amount.xpath('.//svg[@class="histogram overlay"]')
    assert [h.split(":")[0] for h in texts(amount.xpath(".//section/h4"))][:3] == [
        "Distribution",
        "Before",
        "Distribution",
    ]


def test_what_is_personal_in_one_source_is_shown_of_neither() -> None:
    before = profiled(pl.DataFrame({"who": ["4711", "4712"] * 20}))
    after = profiled(pl.DataFrame({"who": ["ada@example.org", "joe@example.com"] * 20}))
    shown = page(before, after)

    assert after.columns[0].pii == "email"
    assert "4711" not in shown
    assert "example.org" not in shown


def test_code_in_names_and_values_stays_text() -> None:
    tree = read(page(profiled(BEFORE), profiled(hostile_rows())))

    assert len(tree.xpath("//script")) == 1
    assert not tree.xpath("//img | //iframe")
    assert not [a for a in tree.xpath("//@*") if a.attrname.startswith("on")]


def test_nothing_changed_says_so() -> None:
    assert "Nothing has changed." in page(profiled(BEFORE), profiled(BEFORE))


def test_a_wide_page_packs_what_opens() -> None:
    before = profiled(pl.DataFrame({f"figure {i}": [str(i), "7"] for i in range(310)}))
    after = profiled(pl.DataFrame({f"figure {i}": [str(i), "x"] for i in range(309)}))
    tree = read(page(before, after))

    assert len(tree.xpath('//details[@class="c"]')) == 310
    assert not tree.xpath('//div[@class="body"]')
    assert "D_COLUMN_GONE" in bodies(tree)[309]
    assert "Before: figure 0" in bodies(tree)[0]
