"""What of an address may be shown, and what may be kept."""

from __future__ import annotations

import pytest

from ai_data_engineer.io.addresses import (
    file_name,
    has_credentials,
    redact,
    scheme_of,
    without_credentials,
)


@pytest.mark.parametrize(
    ("uri", "scheme"),
    [
        ("https://host/a.csv", "https"),
        ("HTTPS://host/a.csv", "https"),
        ("https:/host/a.csv", "https"),
        ("s3://bucket/a", "s3"),
        ("file:/tmp/a.csv", "file"),
        ("data/a.csv", ""),
        ("C:/data/a.csv", ""),
        ("12:30/a.csv", ""),
    ],
)
def test_the_scheme(uri: str, scheme: str) -> None:
    assert scheme_of(uri) == scheme


@pytest.mark.parametrize(
    ("uri", "name"),
    [
        ("data/2024/a.csv", "a.csv"),
        ("a.csv.gz", "a.csv.gz"),
        ("https://user:secret@host/x/my%20data.csv?token=secret#x", "my data.csv"),
        ("s3://bucket/day=1/ä%20b.csv", "ä%20b.csv"),
        ("file:///tmp/ä%20b.csv", "ä b.csv"),
        ("box.zip!/in/a.csv", "a.csv"),
        ("s3://bucket/box.zip!/a.csv", "a.csv"),
    ],
)
def test_the_name_of_the_file(uri: str, name: str) -> None:
    assert file_name(uri) == name


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("https://user:secret@host:8080/a.csv?token=secret#x", "https://host:8080/a.csv"),
        ("https://user:sec/ret@host/a.csv", "https://host/a.csv"),
        ("https:/user:secret@host/a.csv", "https:/host/a.csv"),
        ("https://[::1]:80/@a.csv", "https://[::1]:80/@a.csv"),
        ("https://host:80/@a.csv", "https://host:80/@a.csv"),
        ("https://user:secret@[::1", "https://[::1"),
        ("ftp://user:secret@host/a", "ftp://host/a"),
        ("s3://key:secret@bucket/a", "s3://bucket/a"),
        ("s3://bucket/2024-0?.csv", "s3://bucket/2024-0?.csv"),
        ("data/a?b@c.csv", "data/a?b@c.csv"),
    ],
)
def test_what_is_shown_has_no_credentials(uri: str, shown: str) -> None:
    assert redact(uri) == shown


@pytest.mark.parametrize(
    ("uri", "kept"),
    [
        ("https://host/a.csv?year=2024&page=2#top", "https://host/a.csv?year=2024&page=2"),
        ("https://ada:secret@host/a?x=1", "https://host/a?x=1"),
        (
            "https://b.s3.amazonaws.com/a?X-Amz-Credential=AKIA&X-Amz-Signature=f00&versionId=3",
            "https://b.s3.amazonaws.com/a?versionId=3",
        ),
        ("https://host/a?sv=2022&sig=f00", "https://host/a?sv=2022"),
        ("https://host/a?X-Goog-Signature=f00", "https://host/a"),
        ("https://host/a?Signature=f&Key-Pair-Id=K&Expires=1", "https://host/a?Expires=1"),
        ("https://host/a?api_key=f00&q=x", "https://host/a?q=x"),
        ("https://host/a?key=f00", "https://host/a"),
        ("https://host/a?access_token=f00", "https://host/a"),
        ("data/a?token=b.csv", "data/a?token=b.csv"),
    ],
)
def test_what_is_kept_still_names_the_data(uri: str, kept: str) -> None:
    assert without_credentials(uri) == kept


@pytest.mark.parametrize("uri", ["https://u:p@h/a", "https://h/a?x=1&SIG=2", "s3://k:s@b/a"])
def test_credentials_are_noticed(uri: str) -> None:
    assert has_credentials(uri)
    assert not has_credentials(without_credentials(uri))


@pytest.mark.parametrize(
    "uri", ["https://h/a@b?x=monkey", "data/x@y.csv", "s3://b/a?", "https://h/a?design=1"]
)
def test_an_ordinary_address_has_none(uri: str) -> None:
    assert not has_credentials(uri)
    assert without_credentials(uri) == uri
