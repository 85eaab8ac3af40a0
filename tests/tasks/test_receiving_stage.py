"""A source on storage is known by what that says of it, and no stage keeps what is of another."""

import pytest

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io import s3_access
from ai_data_engineer.sources.digest import content_digest
from tasks.receiving import Received, require_unchanged

URI = "s3://shop/orders.csv"


@pytest.fixture
def bucket(s3):
    access = s3.access()
    s3_access.ask(lambda: access)
    s3.put("shop", "orders.csv", b"id\n1\n")
    return s3


def test_a_source_that_was_replaced_since_it_was_received_is_refused(bucket):
    received = Received(uri=URI, digest=content_digest(URI))
    require_unchanged(received)
    bucket.put("shop", "orders.csv", b"id\n2\n")
    with pytest.raises(SourceError, match=rf"^E_CHANGED {URI}: The file was replaced"):
        require_unchanged(received)


def test_one_that_was_written_again_as_it_was_is_the_same(bucket):
    received = Received(uri=URI, digest=content_digest(URI))
    bucket.put("shop", "orders.csv", b"id\n1\n")
    require_unchanged(received)


def test_the_files_of_a_glob_count_all_of_them(bucket):
    glob = "s3://shop/*.csv"
    received = Received(uri=glob, digest=content_digest(glob))
    bucket.put("shop", "z.csv", b"id\n3\n")
    with pytest.raises(SourceError, match=r"^E_CHANGED "):
        require_unchanged(received)
