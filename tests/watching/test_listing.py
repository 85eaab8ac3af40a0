"""Folders and buckets are listed as globs say, with names as they are, page by page."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ai_data_engineer.errors import SourceError
from ai_data_engineer.requests import GenerateRequest
from ai_data_engineer.settings import load_settings
from ai_data_engineer.sources.location import locate
from ai_data_engineer.watching import listing
from ai_data_engineer.watching.listing import PAGE, list_place
from tests.services.s3 import s3_in_this_process

HOSTILE = [
    "{{ 7*7 }}.csv", '"},{.csv', "{% raw %}.csv", "100% of it.csv", "%41.csv", "größe 漢字.csv",
    "it's.csv", "a?key=1.csv", "a#b.csv", "[1].csv", "trailing .csv ", "two\nlines.csv", "~x.csv",
    "{'__prefect_kind': 'jinja'}.csv", "$HOME.csv", "\\n.csv",
]  # fmt: skip


def names(place: str, *ignore: str) -> list[str]:
    pages = list_place(place, ignore, load_settings())
    return sorted(found.uri.rpartition("/")[2] for page in pages for found in page)


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for path in ("a.csv", "b.txt", "x/c.csv", "x/y/d.csv", "_temporary/e.csv"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("id\n1\n")
    return tmp_path


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("", ["a.csv", "b.txt"]),
        ("/", ["a.csv", "b.txt"]),
        ("/*.csv", ["a.csv"]),
        ("/*/*.csv", ["c.csv"]),
        ("/**", ["a.csv", "b.txt", "c.csv", "d.csv"]),
        ("/**/*.csv", ["a.csv", "c.csv", "d.csv"]),
        ("/a.csv", ["a.csv"]),
        ("/x/*.c?v", ["c.csv"]),
        ("/later.csv", []),
    ],
)
def test_what_a_place_names(tree: Path, place: str, found: list[str]) -> None:
    assert names(f"{tree}{place}") == found
    if "?" not in place:  # in an address it begins a query
        assert names(f"{tree.as_uri()}{place}") == found


def test_folders_are_ignored_by_name(tree: Path) -> None:
    assert names(f"{tree}/**", "y", "B.*") == ["a.csv", "c.csv"]


@pytest.mark.parametrize("name", HOSTILE)
def test_an_address_means_the_file_whatever_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("id\n1\n")
    ((found,),) = list_place(str(tmp_path), ["nothing"], load_settings())
    assert found.is_usable
    (request,) = GenerateRequest(sources=[found.uri]).sources
    assert [Path(path).name for path in map(_path, locate(request, load_settings()))] == [name]


def _path(uri: str) -> str:
    from ai_data_engineer.io.addresses import local_path

    return str(local_path(uri))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
def test_a_name_that_is_no_text_is_not_usable(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xff.csv")).write_text("id\n1\n")
    ((found,),) = list_place(str(tmp_path), [], load_settings())
    assert not found.is_usable


@pytest.mark.parametrize("place", ["https://host/a/*", "ftp://host/a"])
def test_the_web_is_not_watched(place: str) -> None:
    with pytest.raises(SourceError, match="E_ADDRESS"):
        list(list_place(place, [], load_settings()))


@pytest.mark.parametrize("pattern", ["a**/b.csv", "**.csv"])
def test_a_pattern_that_is_none_is_refused(tmp_path: Path, pattern: str) -> None:
    with pytest.raises(SourceError, match=r"E_ADDRESS .*no pattern"):
        list(list_place(f"{tmp_path}/{pattern}", [], load_settings()))


def test_a_loop_of_links_ends(tree: Path) -> None:
    (tree / "x" / "loop").symlink_to(tree, target_is_directory=True)
    assert names(f"{tree}/**/*.csv") == ["a.csv", "c.csv", "d.csv"]


def test_a_large_folder_comes_in_pages(tmp_path: Path) -> None:
    for number in range(PAGE + 1):
        (tmp_path / f"{number}.csv").touch()
    assert [len(page) for page in list_place(str(tmp_path), [], load_settings())] == [PAGE, 1]


@pytest.fixture(scope="module")
def s3() -> Iterator[Any]:
    with s3_in_this_process() as client:
        client.create_bucket(Bucket="shop")
        for key in ("in/a.csv", "in/b c%20.csv", "in/deep/d.csv", "in/e.csv.part", "in/", "on.csv"):
            client.put_object(Bucket="shop", Key=key, Body=b"id\n1\n" if key[-1] != "/" else b"")
        yield client


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("s3://shop/in", ["a.csv", "b c%20.csv"]),
        ("s3://shop/in/*.csv", ["a.csv", "b c%20.csv"]),
        ("s3://shop/in/**", ["a.csv", "b c%20.csv", "d.csv"]),
        ("s3://shop/*", ["on.csv"]),
        ("s3://shop", ["on.csv"]),
        ("s3://shop/**/*.csv", ["a.csv", "b c%20.csv", "d.csv", "on.csv"]),
    ],
)
def test_what_a_place_in_a_bucket_names(s3: Any, place: str, found: list[str]) -> None:
    assert [name for name in names(place) if name] == found


def test_a_new_version_of_an_object_has_another_etag(s3: Any) -> None:
    versions = set()
    for body in (b"id\n1\n", b"id\n2\n"):
        s3.put_object(Bucket="shop", Key="again/a.csv", Body=body)
        ((found,),) = list_place("s3://shop/again/*", [], load_settings())
        versions.add(found.version)
    assert len(versions) == 2


def test_objects_come_in_pages(s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE", 20)
    for number in range(50):
        s3.put_object(Bucket="shop", Key=f"many/{number}.csv", Body=b"1")
    pages = [len(page) for page in list_place("s3://shop/many/*.csv", [], load_settings())]
    assert pages == [20, 20, 10]


def test_a_bucket_that_is_not_there_or_not_allowed(s3: Any) -> None:
    with pytest.raises(SourceError, match="E_NOT_FOUND"):
        list(list_place("s3://nowhere/*", [], load_settings()))
    with pytest.raises(SourceError, match="E_DENIED"):
        list(list_place("s3://shop/*", [], load_settings(allowed_buckets=("other",))))
