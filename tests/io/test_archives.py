"""Files in ZIP archives: by their address, one or all, and no trust in what an archive claims."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.opening import as_file, expand, open_source

Pack = Callable[..., Path]


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    def write(name: str = "a.zip", method: int = zipfile.ZIP_DEFLATED, **files: bytes) -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", method) as archive:
            for member, data in files.items():
                archive.writestr(member, data)
        return path

    return write


def test_an_archive_stands_for_the_files_in_it(pack: Pack) -> None:
    files = {
        "b.csv": b"2",
        "a/c.csv": b"1",
        "__MACOSX/._b.csv": b"x",
        ".hidden": b"x",
        "e.csv": b"",
    }
    path = pack(**files)

    assert expand(str(path)) == [f"{path}!/a/c.csv", f"{path}!/b.csv"]
    assert expand(str(path.parent / "*.zip")) == expand(str(path))
    assert expand(f"{path}!/a/*.csv") == [f"{path}!/a/c.csv"]
    assert expand(f"{path}!/b.csv") == [f"{path}!/b.csv"]


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_a_file_in_an_archive_is_opened_by_its_address(method: int, pack: Pack) -> None:
    path = pack(method=method, **{"dir/b.csv": b"id\n1\n" * 100_000})

    with open_source(f"{path}!/dir/b.csv") as stream:
        assert stream.read() == b"id\n1\n" * 100_000


def test_a_name_with_marks_of_a_pattern_is_a_name_first(pack: Pack) -> None:
    path = pack(**{"a[1].csv": b"1", "a1.csv": b"2"})

    assert expand(f"{path}!/a[1].csv") == [f"{path}!/a[1].csv"]


def test_libraries_that_open_by_themselves_get_a_copy(pack: Pack) -> None:
    path = pack(**{"a.csv": b"x"})

    with as_file(f"{path}!/a.csv") as copy:
        assert Path(copy).read_bytes() == b"x"
    assert not Path(copy).exists()
    with as_file("s3://bucket/key") as same:
        assert same == "s3://bucket/key"


def test_a_path_may_hold_the_mark_itself(tmp_path: Path) -> None:
    folder = tmp_path / "odd!"
    folder.mkdir()
    (folder / "a.csv").write_bytes(b"x")

    with open_source(f"{folder}/a.csv") as stream:
        assert stream.read() == b"x"


def test_documents_and_programs_are_one_file(pack: Pack) -> None:
    path = pack("a.docx", **{"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})

    assert expand(str(path)) == [str(path)]


@pytest.mark.parametrize(
    "name", ["../a.csv", "/etc/a.csv", "a/../../b.csv", "..\\a.csv", "a\x07.csv"]
)
def test_names_that_lead_out_are_refused(name: str, pack: Pack) -> None:
    with pytest.raises(SourceError, match="E_ARCHIVE"):
        expand(str(pack(**{name: b"x"})))


def test_what_is_not_in_the_archive_is_not_found(pack: Pack) -> None:
    with pytest.raises(SourceError, match=r"E_NOT_FOUND.*It holds a.csv, b.csv"):
        expand(f"{pack(**{'a.csv': b'1', 'b.csv': b'2'})}!/c.csv")


def test_an_archive_without_data_is_refused(pack: Pack) -> None:
    for path in (pack("e.zip"), pack("f.zip", **{"empty.csv": b""})):
        with pytest.raises(SourceError, match="E_EMPTY"):
            expand(str(path))


def test_a_password_is_named(pack: Pack) -> None:
    path = pack(**{"a.csv": b"x"})
    data = bytearray(path.read_bytes())
    for at in (data.index(b"PK\3\4") + 6, data.index(b"PK\1\2") + 8):
        data[at] |= 1
    path.write_bytes(data)

    with pytest.raises(SourceError, match="E_ENCRYPTED"), open_source(f"{path}!/a.csv"):
        pass


def test_a_wrong_checksum_is_an_error(pack: Pack) -> None:
    path = pack(method=zipfile.ZIP_STORED, **{"a.csv": b"id\n12345\n"})
    path.write_bytes(path.read_bytes().replace(b"12345", b"12346"))

    with open_source(f"{path}!/a.csv") as stream, pytest.raises(SourceError, match="E_CORRUPT"):
        stream.read()


def test_a_bomb_is_stopped(pack: Pack) -> None:
    path = pack(**{"a.csv": bytes(80_000_000)})

    with open_source(f"{path}!/a.csv") as stream, pytest.raises(SourceError, match="E_EXPANSION"):
        stream.read()


def test_a_directory_too_large_for_memory_is_not_read(pack: Pack) -> None:
    path = pack(**{"a.csv": b"x"})
    data = bytearray(bytes(20_000_000) + path.read_bytes())
    end = data.rindex(b"PK\5\6")
    struct.pack_into("<L", data, end + 12, 19_000_000)
    path.write_bytes(b"PK\3\4" + data)

    with pytest.raises(SourceError, match=r"E_ARCHIVE.*too many files"):
        expand(str(path))


@pytest.mark.parametrize("cut", [10, 60, 100])
def test_an_archive_that_breaks_off_is_one_error(cut: int, pack: Pack) -> None:
    path = pack(**{"a.csv": b"id\n" * 50, "b.csv": b"id\n" * 50})
    path.write_bytes(path.read_bytes()[:cut])

    with pytest.raises(SourceError, match="E_ARCHIVE"):
        expand(str(path))
