import hashlib

import pytest

from ai_data_engineer.errors import OutputError
from ai_data_engineer.packaging import verification
from ai_data_engineer.packaging.bundle import BundleRecord
from ai_data_engineer.specifying.provenance import Provenance, Specified
from tasks.packaging import _default_output, _is_there, check_place
from tasks.receiving import Received


def record(path, content):
    return BundleRecord(
        path=path,
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        files=1,
        verification=verification.Verification(
            isolation="process",
            steps=(),
            outputs=(),
            expectations=(),
            tests=verification.Tests(passed=1, failed=0, skipped=0),
            judged_by_great_expectations=0,
        ),
    )


def test_a_cached_bundle_counts_only_while_its_file_is_there_unchanged(tmp_path):
    path = tmp_path / "orders.zip"
    bundle = record(path, b"PK")
    assert not _is_there(bundle)
    path.write_bytes(b"PX")
    assert not _is_there(bundle)
    path.write_bytes(b"PK")
    assert _is_there(bundle)


def proposed(goal):
    column = {"name": "id", "type": "int64"}
    source = {"id": "orders", "uri": "orders.csv", "format": "csv", "columns": [column]}
    output = {"id": "out", "input": "orders", "path": "orders.parquet"}
    document = {"name": "orders", "description": goal, "sources": [source], "outputs": [output]}
    return Specified(document=document, provenance=Provenance(goal=goal))


def test_a_bundle_without_a_place_is_named_after_its_content(home):
    a, b = Received(uri="orders.csv", digest="a"), Received(uri="orders.csv", digest="b")
    paths = [
        _default_output(proposed("sum"), [a]),
        _default_output(proposed("sum"), [b]),
        _default_output(proposed("count"), [a]),
    ]
    assert len(set(paths)) == 3
    assert all(p.startswith(str(home / "bundles" / "orders-")) for p in paths)
    assert _default_output(proposed("sum"), [a]) == paths[0]


def test_a_place_that_may_not_be_chosen_is_refused_before_anything_is_done(monkeypatch, home):
    monkeypatch.setenv("ADE_ALLOWED_FOLDERS", "/data/in")
    check_place(None)
    check_place(f"{home}/bundles/orders.zip")
    with pytest.raises(OutputError, match="E_DENIED"):
        check_place("/etc/cron.d/orders.zip")


def test_bundles_go_where_the_setting_says_on_s3_too(home, monkeypatch):
    received = Received(uri="orders.csv", digest="a")
    monkeypatch.setenv("ADE_BUNDLES", "s3://shop/bundles/")
    assert _default_output(proposed("sum"), [received]).startswith("s3://shop/bundles/orders-")
    monkeypatch.setenv("ADE_BUNDLES", str(home / "elsewhere"))
    assert _default_output(proposed("sum"), [received]).startswith(f"{home}/elsewhere/orders-")
