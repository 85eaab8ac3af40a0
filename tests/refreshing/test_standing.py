"""Whether a pipeline still fits its sources: real profiles, real gates, no server."""

import json

import pytest

from ai_data_engineer.profiling import profile_source
from ai_data_engineer.refreshing import key_of, standing, touched
from ai_data_engineer.refreshing.requests import RefreshRequest
from ai_data_engineer.specifying.offline import plan
from ai_data_engineer.validating import validate

HEADER = "order_id,ordered_on,amount,status"


def day(folder, number, header=HEADER, row=None, rows=80):
    def usual(n):
        return f"{n},2024-01-{n % 28 + 1:02d},{n % 40}.50,{'paid' if n % 3 else 'open'}"

    write = row or usual
    lines = [header, *(write(n) for n in range(number * 100, number * 100 + rows))]
    (folder / f"orders-2024-01-{number:02d}.csv").write_text("\n".join([*lines, ""]))


@pytest.fixture
def pipeline(tmp_path):
    """A pipeline made for one day's file; says how it stands after the folder has changed."""
    day(tmp_path, 1)
    glob = str(tmp_path / "orders-2024-*.csv")
    before = profile_source(glob)
    spec = plan([before], "total amount by status")

    def now():
        after = profile_source(glob)
        return standing([before], [after], validate(spec)), spec

    return now


def only(folder, number, **more):
    for file in folder.glob("*.csv"):
        file.unlink()
    day(folder, number, **more)


def codes(found):
    return {c.code for d in found.drifts for c in d.changes if c.severity == "critical"}


def test_a_new_file_each_day_is_no_drift(pipeline, tmp_path):
    day(tmp_path, 2)
    day(tmp_path, 3)
    found, _ = pipeline()
    assert found.fits, found


def test_a_renamed_column_no_longer_fits_and_concerns_the_steps_that_name_it(pipeline, tmp_path):
    only(tmp_path, 2, header="order_id,ordered_on,amount_eur,status")
    found, spec = pipeline()
    assert not found.fits
    (renamed,) = [c for d in found.drifts for c in d.changes if c.code == "D_COLUMN_RENAMED"]
    steps = {step.op: step.id for step in spec.steps}
    assert steps["aggregate"] in touched(spec, spec.sources[0], renamed)


def test_a_missing_column_no_longer_fits(pipeline, tmp_path):
    only(tmp_path, 2, header="order_id,ordered_on,status", row=lambda n: f"{n},2024-01-09,paid")
    found, _ = pipeline()
    assert not found.fits
    assert "D_COLUMN_GONE" in codes(found)


def test_a_type_that_changed_no_longer_fits(pipeline, tmp_path):
    only(tmp_path, 2, row=lambda n: f"{n},2024-01-09,about {n},paid")
    found, _ = pipeline()
    assert not found.fits
    assert "D_TYPE" in codes(found)


def test_a_file_without_a_record_does_not_fit_and_leaves_nothing_to_propose_from(
    pipeline, tmp_path
):
    only(tmp_path, 2, rows=0)
    found, _ = pipeline()
    assert not found.fits
    assert found.is_emptied


def test_the_same_drift_has_the_same_digest_on_other_days(pipeline, tmp_path):
    digests = []
    for number, rows in ((2, 80), (3, 50)):
        only(tmp_path, number, header="order_id,ordered_on,amount_eur,status", rows=rows)
        digests.append(pipeline()[0].digest)
    only(tmp_path, 4, header="order_id,ordered_on,sum,status")
    digests.append(pipeline()[0].digest)
    assert digests[0] == digests[1] != digests[2]


def test_what_was_restored_fits_again(pipeline, tmp_path):
    only(tmp_path, 2, header="order_id,ordered_on,amount_eur,status")
    assert not pipeline()[0].fits
    only(tmp_path, 3)
    assert pipeline()[0].fits


def test_a_pipeline_is_remembered_by_its_sources_and_goal():
    def key(sources=("a.csv",), goal="sum", **more):
        return key_of(RefreshRequest(sources=list(sources), goal=goal, **more))

    assert key() == key(accept=True, goal=" sum ")
    assert len({key(), key(goal="mean"), key(sources=("b.csv",))}) == 3


@pytest.mark.parametrize(("kind", "fits"), [("csv", False), ("ndjson", True)])
def test_a_new_column_matters_where_readers_want_the_columns_as_they_were(tmp_path, kind, fits):
    def write(*more):
        rows = [{"id": n, "amount": n % 40 + 0.5, **dict.fromkeys(more, "x")} for n in range(80)]
        if kind == "csv":
            lines = [",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]
        else:
            lines = [json.dumps(row) for row in rows]
        (tmp_path / f"orders.{kind}").write_text("\n".join([*lines, ""]))
        return profile_source(str(tmp_path / f"orders.{kind}"))

    before = write()
    spec = plan([before], "")
    after = write("remark")
    assert standing([before], [after], validate(spec)).fits is fits
