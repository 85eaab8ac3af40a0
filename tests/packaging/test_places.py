"""Bundles appear whole or not at all, on a disk and on S3."""

import hashlib
import io
import zipfile

import pytest

from ai_data_engineer.errors import OutputError, TransientError
from ai_data_engineer.io import s3_access
from ai_data_engineer.packaging.places import (
    beside,
    check_place,
    lies_there,
    link_to,
    problem_of,
    publish,
    publish_text,
)
from tests.services.s3 import SECRET, answer

FILES = {"README.md": b"# Orders", "sample/orders.csv": b"id\n1\n"}
PLACE = "s3://shop/bundles/orders.zip"


@pytest.fixture
def bucket(s3):
    access = s3.access()
    s3_access.ask(lambda: access)
    return s3


def stored(s3, key="bundles/orders.zip"):
    return s3.client().get_object(Bucket="shop", Key=key)["Body"].read()


def test_a_bundle_on_s3_is_the_same_bytes_as_in_a_file(bucket, tmp_path):
    in_file = publish(FILES, str(tmp_path / "b" / "orders.zip"))
    assert publish(FILES, PLACE) == in_file
    assert hashlib.sha256(stored(bucket)).hexdigest() == in_file[0]
    assert zipfile.ZipFile(io.BytesIO(stored(bucket))).namelist() == sorted(FILES)


def test_a_text_is_put_beside_a_bundle_wherever_that_lies(bucket, tmp_path):
    for place in (PLACE, str(tmp_path / "orders.zip")):
        publish_text('{"name": "orders"}', beside(place, "proposed.json"))
    assert stored(bucket, "bundles/proposed.json") == b'{"name": "orders"}'
    assert [path.name for path in tmp_path.iterdir()] == ["proposed.json"]
    assert (tmp_path / "proposed.json").read_text() == '{"name": "orders"}'


def test_it_is_there_until_it_is_gone_or_another(bucket):
    sha256, size = publish(FILES, PLACE)
    assert lies_there(PLACE, sha256, size)
    bucket.put("shop", "bundles/orders.zip", b"x" * size)
    assert not lies_there(PLACE, sha256, size)
    bucket.empty("shop")
    assert not lies_there(PLACE, sha256, size)


def test_a_storage_that_does_not_answer_has_no_bundle(bucket):
    sha256, size = publish(FILES, PLACE)
    bucket.line.instead = lambda _: answer("500 Internal Server Error", "InternalError")
    assert not lies_there(PLACE, sha256, size)


def test_an_upload_that_fails_leaves_what_was_there(bucket):
    sha256, size = publish(FILES, PLACE)
    bucket.line.instead = lambda request: (
        answer("500 Internal Server Error", "InternalError") if request.startswith(b"PUT") else None
    )
    with pytest.raises(TransientError, match=rf"^E_TRANSIENT {PLACE}"):
        publish({"README.md": b"# Another"}, PLACE)
    bucket.line.heal()
    assert lies_there(PLACE, sha256, size)


def test_an_upload_whose_connection_breaks_leaves_nothing(bucket):
    bucket.line.instead = lambda request: b"" if request.startswith(b"PUT") else None
    with pytest.raises(TransientError):
        publish(FILES, PLACE)
    assert bucket.keys("shop") == []


def test_what_another_put_there_meanwhile_is_not_taken_for_the_bundle(bucket):
    def overtake(first):
        if first.startswith("HEAD"):
            bucket.put("shop", "bundles/orders.zip", b"another")

    bucket.line.before = overtake
    with pytest.raises(OutputError, match=r"^E_OUTPUT .*not what was put there"):
        publish(FILES, PLACE)


def test_a_refused_key_is_said_without_it(bucket):
    bucket.line.instead = lambda _: answer("403 Forbidden", "SignatureDoesNotMatch")
    with pytest.raises(OutputError, match=r"writing there is not permitted") as refused:
        publish(FILES, PLACE)
    assert SECRET not in str(refused.value)
    assert "hush" not in str(refused.value)


def test_a_bucket_that_is_missing_is_said_before_any_work(bucket):
    with pytest.raises(OutputError, match=r"^E_OUTPUT s3://nobody/b\.zip: There is no such bucket"):
        check_place("s3://nobody/b.zip")
    check_place(PLACE)


def test_who_may_write_need_not_be_allowed_to_look(bucket):
    bucket.line.instead = lambda _: answer("403 Forbidden", "AccessDenied")
    check_place(PLACE)


@pytest.mark.parametrize(
    ("place", "problem"),
    [
        ("s3://AKIA:hush@shop/b.zip", "credentials"),
        ("s3://shop/b.zip?X-Amz-Signature=0", "credentials"),
        ("s3://shop", "name bucket and key"),
        ("s3://shop/bundles/", "name bucket and key"),
        ("https://shop.example/b.zip", "a folder or on s3"),
    ],
)
def test_a_place_that_cannot_be_one_is_refused(place, problem):
    assert problem in (problem_of(place) or "")
    with pytest.raises(OutputError) as refused:
        check_place(place)
    assert "hush" not in str(refused.value)


def test_a_link_opens_nothing_by_itself(s3, monkeypatch, tmp_path):
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    place = "s3://shop/our bundles/a+b.zip"
    s3_access.ask(lambda: None)
    console = "https://console.aws.amazon.com/s3/object/shop?prefix=our%20bundles%2Fa%2Bb.zip"
    assert link_to(place) == console
    own = s3.access(endpoint="https://minio.example.org/")
    s3_access.ask(lambda: own)
    assert link_to(place) == "https://minio.example.org/shop/our%20bundles/a%2Bb.zip"
    assert link_to(str(tmp_path / "b.zip")).startswith("file:///")
