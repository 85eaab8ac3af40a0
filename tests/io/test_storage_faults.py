"""What storage does wrong ends in one clear error of ours, or in the whole file; never in less."""

import io
import time

import polars as pl
import pytest

from ai_data_engineer.errors import SilentError, SourceError, TransientError
from ai_data_engineer.io import s3_access
from ai_data_engineer.io.batches import Field
from ai_data_engineer.io.opening import expand, open_source
from ai_data_engineer.io.parquet_reader import read_parquet
from ai_data_engineer.io.versions import version
from ai_data_engineer.profiling import profile_source
from tests.services.s3 import SECRET, answer

LARGE = b"".join(b"%d,%d\n" % (n, n * n) for n in range(600_000))
"""More than is fetched at once."""
PLACE = "s3://shop/orders.csv"


@pytest.fixture
def bucket(s3):
    access = s3.access()
    s3_access.ask(lambda: access)
    return s3


def whole(uri=PLACE):
    with open_source(uri) as stream:
        return stream.read()


def parquet(rows):
    file = io.BytesIO()
    pl.DataFrame({"a": range(rows)}).write_parquet(file, row_group_size=1000)
    return file.getvalue()


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        ("403 Forbidden", "InvalidAccessKeyId", r"^E_DENIED .*block `s3`"),
        ("403 Forbidden", "SignatureDoesNotMatch", r"^E_DENIED .*block `s3`"),
        ("400 Bad Request", "ExpiredToken", r"^E_DENIED .*block `s3`"),
        ("404 Not Found", "NoSuchBucket", r"^E_NOT_FOUND "),
        ("404 Not Found", "NoSuchKey", r"^E_NOT_FOUND "),
        ("301 Moved Permanently", "PermanentRedirect", r"^E_REGION .*AWS_DEFAULT_REGION"),
        ("400 Bad Request", "AuthorizationHeaderMalformed", r"^E_(REGION|DENIED) .*block `s3`"),
        ("503 Slow Down", "SlowDown", r"^E_TRANSIENT "),
        ("500 Internal Server Error", "InternalError", r"^E_TRANSIENT "),
    ],
)
def test_what_the_server_refuses_is_said_without_its_words(bucket, status, code, error):
    bucket.line.instead = lambda _: answer(status, code)
    for read in (whole, lambda: expand("s3://shop/*.csv"), lambda: profile_source(PLACE)):
        with pytest.raises((SourceError, TransientError), match=error) as said:
            read()
        assert "hush" not in str(said.value)
        assert SECRET not in str(said.value)


def test_who_may_list_and_not_read_is_told_so(bucket):
    bucket.put("shop", "orders.csv", b"id\n1\n")
    bucket.line.instead = lambda request: (
        answer("403 Forbidden", "AccessDenied") if b"/shop/orders" in request[:40] else None
    )
    assert expand("s3://shop/*.csv") == [PLACE]
    with pytest.raises(SourceError, match=r"^E_DENIED s3://shop/orders.csv"):
        whole()


def test_a_connection_that_breaks_halfway_is_taken_up_again(bucket):
    bucket.put("shop", "orders.csv", LARGE)
    bucket.line.cut_after, bucket.line.cuts = 1_000_000, 1
    assert whole() == LARGE


@pytest.mark.parametrize("name", ["orders.csv", "t.parquet"])
def test_one_that_always_breaks_is_an_error_and_never_a_shorter_file(bucket, name):
    bucket.put("shop", name, LARGE if name == "orders.csv" else parquet(300_000))
    bucket.line.cut_after, bucket.line.cuts = 50_000, 1000
    read = {
        "orders.csv": whole,
        "t.parquet": lambda: list(
            read_parquet("s3://shop/t.parquet", columns=[Field("a", ("a",))])
        ),
    }[name]
    with pytest.raises(TransientError, match=rf"^E_TRANSIENT s3://shop/{name}"):
        read()


def test_a_server_that_is_busy_once_is_asked_again(bucket):
    bucket.put("shop", "orders.csv", b"id\n1\n")
    busy = iter([answer("503 Slow Down", "SlowDown")])
    bucket.line.instead = lambda _: next(busy, None)
    assert whole() == b"id\n1\n"


@pytest.mark.services
@pytest.mark.parametrize("name", ["orders.csv", "t.parquet"])
def test_a_server_that_keeps_silent_is_not_waited_for_long(bucket, monkeypatch, name):
    monkeypatch.setattr("ai_data_engineer.io.network.READ_SECONDS", 1)
    monkeypatch.setattr("ai_data_engineer.io.parquet_reader.READ_SECONDS", 1)
    bucket.put("shop", name, parquet(3) if name == "t.parquet" else b"id\n1\n")
    # After the first question, whether it is there.
    bucket.line.before = lambda first: setattr(bucket.line, "is_silent", "HEAD" not in first)
    columns = [Field("a", ("a",))]
    started = time.monotonic()
    with pytest.raises(SilentError, match=rf"^E_TRANSIENT s3://shop/{name}"):
        whole() if name == "orders.csv" else list(
            read_parquet("s3://shop/t.parquet", columns=columns)
        )
    # As often as it is asked, and what lies between.
    assert time.monotonic() - started < 4 * 1 + 20


@pytest.mark.services
def test_a_server_that_sends_a_little_now_and_then_is_waited_for(bucket, monkeypatch):
    monkeypatch.setattr("ai_data_engineer.io.network.READ_SECONDS", 2)
    bucket.put("shop", "orders.csv", b"id\n" + b"1\n" * 50)
    bucket.line.pieces_of, bucket.line.pause = 90, 0.7  # head and body: more than two seconds
    started = time.monotonic()
    assert len(whole()) == 103
    assert time.monotonic() - started > 2


def test_a_server_that_is_not_there_is_said(bucket):
    access = bucket.access(endpoint="http://127.0.0.1:9")
    s3_access.ask(lambda: access)
    with pytest.raises(TransientError, match=r"^E_TRANSIENT s3://shop/orders.csv"):
        whole()


def test_an_object_that_is_replaced_between_two_reads_is_no_mixture(bucket):
    bucket.put("shop", "orders.csv", LARGE)
    with open_source(PLACE, ahead=1024) as stream:
        stream.read(1000)
        bucket.put("shop", "orders.csv", LARGE[::-1])
        with pytest.raises(SourceError, match=rf"^E_CHANGED {PLACE}: The file was replaced"):
            stream.read()


def test_a_parquet_object_that_is_replaced_while_it_is_read_is_no_mixture(bucket):
    bucket.put("shop", "t.parquet", parquet(300_000))
    batches = read_parquet("s3://shop/t.parquet", columns=[Field("a", ("a",))], batch_rows=1000)
    next(batches)
    bucket.put("shop", "t.parquet", parquet(299_000))
    with pytest.raises(SourceError, match=r"^E_CHANGED s3://shop/t.parquet"):
        list(batches)


def test_what_is_gone_since_it_was_listed_is_said(bucket):
    bucket.put("shop", "orders.csv", b"id\n1\n")
    (found,) = expand("s3://shop/*.csv")
    bucket.empty("shop")
    with pytest.raises(SourceError, match=rf"^E_NOT_FOUND {PLACE}"):
        whole(found)


def test_what_has_come_since_the_last_listing_is_found(bucket):
    bucket.put("shop", "a.csv", b"id\n1\n")
    assert len(expand("s3://shop/*.csv")) == 1
    bucket.put("shop", "b.csv", b"id\n1\n")
    assert len(expand("s3://shop/*.csv")) == 2


@pytest.mark.parametrize(
    "key",
    ["a b.csv", "Größe/日本.csv", "what?.csv", "no#1.csv", "50%25.csv", "[1].csv", "a+b.csv"],
)
def test_a_key_may_hold_any_letter(bucket, key):
    bucket.put("shop", key, b"id,amount\n1,2\n2,3\n")
    assert expand(f"s3://shop/{key}") == [f"s3://shop/{key}"]
    assert whole(f"s3://shop/{key}") == b"id,amount\n1,2\n2,3\n"
    assert profile_source(f"s3://shop/{key}").records.total == 2


def test_the_version_of_an_object_is_its_content_and_reading_it_costs_no_byte_of_that(bucket):
    bucket.put("shop", "orders.csv", LARGE)
    first = version(PLACE)
    bucket.put("shop", "orders.csv", LARGE)
    assert version(PLACE) == first
    bucket.put("shop", "orders.csv", LARGE + b"1,1\n")
    assert version(PLACE) != first
    assert bucket.line.sent < 10_000
