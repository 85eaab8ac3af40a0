"""Keys that are set are used for everything on S3, and nothing else is."""

import io

import polars as pl
import pytest

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io import s3_access
from ai_data_engineer.io.batches import Field
from ai_data_engineer.io.isolation import isolated
from ai_data_engineer.io.opening import expand
from ai_data_engineer.io.parquet_reader import read_parquet
from ai_data_engineer.io.s3_access import S3Access
from ai_data_engineer.profiling import profile_source
from ai_data_engineer.sources.digest import content_digest
from tests.services.s3 import KEY


@pytest.fixture
def seen(s3, monkeypatch):
    """Whose key each request was signed with; the environment has one that is never to be used."""
    s3.put("shop", "orders.csv", b"id,amount\n1,2.5\n2,3.5\n")
    parquet = io.BytesIO()
    pl.DataFrame({"a": [1, 2]}).write_parquet(parquet)
    s3.put("shop", "t.parquet", parquet.getvalue())
    found = []

    def look(request):
        _, mark, rest = request.partition(b"Credential=")
        found.append(rest.partition(b"/")[0].decode() if mark else "nobody")

    s3.line.instead = look
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.setenv(name, "AMBIENT")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    return found


def use(s3, **changed):
    access = s3.access(**changed)
    s3_access.ask(lambda: access)


@pytest.mark.parametrize(
    "read",
    [
        lambda: expand("s3://shop/*.csv"),
        lambda: profile_source("s3://shop/orders.csv"),
        lambda: profile_source("s3://shop/t.parquet"),
        lambda: list(read_parquet("s3://shop/t.parquet", columns=[Field("a", ("a",))])),
        lambda: isolated(content_digest, "s3://shop/orders.csv"),
    ],
    ids=["listing", "csv", "parquet", "parquet by polars", "in a child"],
)
def test_the_keys_that_are_set_are_used_and_not_the_environments(s3, seen, read):
    use(s3)
    read()
    assert set(seen) == {KEY}


def test_without_a_key_nothing_is_signed(s3, seen):
    use(s3, key=None, secret=None)
    profile_source("s3://shop/orders.csv")
    list(read_parquet("s3://shop/t.parquet", columns=[Field("a", ("a",))]))
    assert set(seen) == {"nobody"}


def test_a_bucket_that_the_keys_are_not_for_is_refused_before_anything_is_asked(s3, seen):
    use(s3, buckets=("other",))
    for read in (lambda: expand("s3://shop/*"), lambda: profile_source("s3://shop/orders.csv")):
        with pytest.raises(SourceError, match=r"^E_DENIED s3://shop.*other buckets.*block `s3`"):
            read()
    assert seen == []


def test_keys_that_were_changed_are_used_from_then_on(s3, seen):
    use(s3)
    profile_source("s3://shop/orders.csv")
    use(s3, key="ROTATED", secret="new")
    profile_source("s3://shop/orders.csv")
    assert set(seen) == {KEY, "ROTATED"}
    assert seen[-1] == "ROTATED"


def test_keys_are_not_shown():
    access = S3Access("AKIA-hunter", "hunter", "hunter")
    assert "hunter" not in repr(access)
