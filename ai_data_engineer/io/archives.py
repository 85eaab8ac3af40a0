"""ZIP containers: their directory and single members, within limits; nothing is unpacked to disk.

A member is read as a stream. What its directory claims is believed no further than it is read.
"""

from __future__ import annotations

import io
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from lzma import LZMAError
from typing import IO, Any, BinaryIO, cast

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.expanding import RATIO_MATTERS_FROM

ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
MEMBER = "!/"
"""Between the address of an archive and the name of a file in it."""
MAX_EXPANDED = 50 * 1024**3
MAX_RATIO = 200
"""As for other compressed sources: from 64 MiB on."""
_MAX_DIRECTORY = 8 * 1024 * 1024
"""Bytes of a directory: some 100,000 members; each costs a kilobyte of memory."""
_END = struct.Struct("<4s4H2LH")
_END_OF_ZIP64 = b"PK\x06\x06"
_IN_ZIP64 = 0xFFFFFFFF
_ENCRYPTED = 0x1
_DAMAGED = (zipfile.BadZipFile, OSError, ValueError, RuntimeError, struct.error)
_PACKAGES = ("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "AndroidManifest.xml")
_MIB = 1024 * 1024


@contextmanager
def open_archive(stream: BinaryIO, place: str = "") -> Iterator[zipfile.ZipFile]:
    """Open a ZIP container; a stream that cannot seek is copied to a temporary file first.

    Raises SourceError `E_ARCHIVE` when it is damaged, breaks off or has too many members.
    """
    with _seekable(stream) as seekable:
        _check_directory(seekable, place)
        archive = None  # zipfile's texts quote names
        with suppress(*_DAMAGED), _places(place):
            archive = zipfile.ZipFile(seekable)
        if archive is None:
            raise broken(place)
        with archive:
            yield archive


@contextmanager
def open_member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, place: str = ""
) -> Iterator[BinaryIO]:
    """Open a member for reading.

    Raises SourceError `E_ENCRYPTED`, `E_COMPRESSION` for a method that is not known; reads raise
    `E_CORRUPT` and `E_EXPANSION`.
    """
    if member.flag_bits & _ENCRYPTED:
        raise encrypted("The archive", place)
    problem = None
    try:
        with _places(place):
            opened = archive.open(member)
    except NotImplementedError:
        problem = SourceError(
            "The archive is compressed by a method that is not known.",
            code="E_COMPRESSION",
            location=place,
            hint="Pack it again with deflate, which every program writes.",
        )
    except _DAMAGED:
        problem = broken(place)
    if problem is not None:
        raise problem
    with opened:
        yield cast(BinaryIO, io.BufferedReader(_Member(opened, member, place), 256 * 1024))


def is_package(archive: zipfile.ZipFile) -> bool:
    """Whether the container is one file to its user: a workbook, a document, a program."""
    names = set(archive.namelist())
    return not names.isdisjoint(_PACKAGES)


def data_members(archive: zipfile.ZipFile, place: str = "") -> list[str]:
    """Return the names of the files that may hold data, sorted.

    Raises SourceError `E_EMPTY` when there is none, `E_ARCHIVE` for names that no archive of files
    has.
    """
    found = set()
    for member in archive.infolist():
        parts = member.filename.replace("\\", "/").split("/")
        if ".." in parts or not parts[0] or not member.filename.isprintable():
            raise SourceError(
                "The archive has files with names that lead out of it.",
                code="E_ARCHIVE",
                location=place,
                hint="Such an archive is not read; pack it again.",
            )
        is_hidden = any(part.startswith((".", "__MACOSX")) for part in parts)
        if not (member.is_dir() or is_hidden or member.file_size == 0):
            found.add(member.filename)
    if not found:
        raise SourceError(
            "The archive holds no data.",
            code="E_EMPTY",
            location=place,
            hint="Check how it was made.",
        )
    return sorted(found)


def expanded_size(stream: BinaryIO) -> int | None:
    """Return the size that the directory states for an opened member; None: this is none."""
    raw = getattr(stream, "raw", None)
    raw = getattr(raw, "raw", raw)
    return raw.size if isinstance(raw, _Member) else None


def encrypted(what: str, place: str) -> SourceError:
    """Return the error for what is protected by a password."""
    return SourceError(
        f"{what} is encrypted.",
        code="E_ENCRYPTED",
        location=place,
        hint="Remove the password, and name the file without it.",
    )


def broken(place: str) -> SourceError:
    """Return the error for a container that cannot be read."""
    return SourceError(
        "The ZIP container is damaged or breaks off.",
        code="E_ARCHIVE",
        location=place,
        hint="Write, copy or download it again.",
    )


@contextmanager
def _places(place: str) -> Iterator[None]:
    """What storage says of a place that no file has is the fault of a damaged directory."""
    try:
        yield
        return
    except SourceError as error:
        if error.code not in ("E_SOURCE", "E_ADDRESS"):
            raise
    raise broken(place)


@contextmanager
def _seekable(stream: BinaryIO) -> Iterator[BinaryIO]:
    if stream.seekable():
        yield stream
        return
    with tempfile.TemporaryFile(prefix="ade-") as copy:
        while chunk := stream.read(_MIB):
            copy.write(chunk)
        copy.seek(0)
        yield cast(BinaryIO, copy)


def _check_directory(stream: BinaryIO, place: str) -> None:
    """Refuse a directory that does not fit into memory, before it is read."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - 65536 - _END.size))
    tail = stream.read()
    stream.seek(0)
    at = tail.rfind(EMPTY_ZIP)
    if at < 0 or len(tail) - at < _END.size:
        raise broken(place)
    directory = _END.unpack_from(tail, at)[5]
    large = tail.rfind(_END_OF_ZIP64, 0, at)
    if directory == _IN_ZIP64 and 0 <= large <= len(tail) - 48:
        directory = int.from_bytes(tail[large + 40 : large + 48], "little")
    if not directory:
        raise SourceError(
            "The ZIP container is empty.",
            code="E_EMPTY",
            location=place,
            hint="Check how it was made.",
        )
    if directory > size - len(tail) + at:
        raise broken(place)
    if directory > _MAX_DIRECTORY:
        raise SourceError(
            "The ZIP container has too many files.",
            code="E_ARCHIVE",
            location=place,
            hint="Unpack it and name the files inside.",
        )


class _Member(io.RawIOBase):
    """The expanded bytes of a member; what goes wrong becomes an error of ours."""

    def __init__(self, opened: IO[bytes], member: zipfile.ZipInfo, place: str) -> None:
        self.size = member.file_size
        self._opened = opened
        self._stored = max(member.compress_size, 1)
        self._place = place
        self._out = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._read(len(buffer))
        self._out += len(data)
        bomb = self._out > RATIO_MATTERS_FROM and self._out > MAX_RATIO * self._stored
        if bomb or self._out > MAX_EXPANDED:
            raise SourceError(
                f"A file in the ZIP container expands to more than {MAX_RATIO} times its size.",
                code="E_EXPANSION",
                location=self._place,
                hint="Unpack it yourself if it is what you expect.",
            )
        buffer[: len(data)] = data
        return len(data)

    def _read(self, size: int) -> bytes:
        try:
            with _places(self._place):
                return self._opened.read(size)
        except (zipfile.BadZipFile, EOFError, zlib.error, LZMAError, OSError, ValueError):
            pass
        raise SourceError(
            "A file in the ZIP container is damaged or breaks off.",
            code="E_CORRUPT",
            location=self._place,
            hint="Write, copy or download it again.",
        )
