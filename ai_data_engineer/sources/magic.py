"""What a file is by its first bytes: compressions, binary formats, and those that are not read."""

from __future__ import annotations

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.archives import EMPTY_ZIP, ZIP
from ai_data_engineer.io.workbooks import OLE
from ai_data_engineer.sources.dialect import Compression

_COMPRESSIONS: tuple[tuple[bytes, Compression], ...] = (
    (b"\x1f\x8b\x08", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"BZh", "bz2"),
)
_BZ2_BLOCK = (b"1AY&SY", b"\x17rE8P\x90")
PARQUET = b"PAR1"
AVRO = b"Obj\x01"

_AS_CSV = "Export the table as CSV or Parquet."
_UNSUPPORTED = (
    (ZIP, "an archive in another one, a document or a program", "Unpack it, or export as CSV."),
    (EMPTY_ZIP, "an empty ZIP archive", "Pack the files again."),
    (OLE, "an old Office document that is no workbook", _AS_CSV),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "Unpack it and name the file inside."),
    (b"Rar!\x1a\x07", "a RAR archive", "Unpack it and name the file inside."),
    (b"\x1f\x9d", "compressed by `compress` (.Z)", "Expand it, or compress it with gzip."),
    (b"\x04\x22\x4d\x18", "compressed by LZ4", "Expand it, or compress it with zstd or gzip."),
    (b"\xff\x06\x00\x00sNaPpY", "compressed by Snappy", "Expand it, or compress it with zstd."),
    (b"SQLite format 3\x00", "an SQLite database", _AS_CSV),
    (b"ORC", "an ORC file", _AS_CSV),
    (b"ARROW1", "an Arrow (Feather) file", _AS_CSV),
    (b"FEA1", "a Feather file", _AS_CSV),
    (PARQUET, "a Parquet file inside a compressed one", "Expand it: it is compressed by itself."),
    (b"PARE", "an encrypted Parquet file", "Decrypt it first."),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file", _AS_CSV),
    (b"{\\rtf", "a rich-text document", _AS_CSV),
)
_BINARIES = (
    (b"\x89PNG\r\n\x1a\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"II*\x00", "a TIFF image"),
    (b"MM\x00*", "a TIFF image"),
    (b"RIFF", "a RIFF media file"),
    (b"%PDF-", "a PDF document"),
    (b"\x7fELF", "a program (ELF)"),
    (b"MZ\x90\x00", "a Windows program"),
    (b"\xca\xfe\xba\xbe", "a Java class or macOS program"),
    (b"\x80\x04\x95", "a Python pickle"),
    (b"\x80\x05\x95", "a Python pickle"),
    (b"ID3", "an MP3 file"),
    (b"OggS", "an Ogg file"),
)


def sniff_compression(head: bytes) -> Compression:
    """Return how the bytes are compressed, from the first ten of them."""
    for magic, compression in _COMPRESSIONS:
        if head.startswith(magic) and (compression != "bz2" or head[4:10] in _BZ2_BLOCK):
            return compression
    return "none"


def refuse_known_binary(head: bytes, *, location: str) -> None:
    """Raise when the bytes begin a format that is known and not read.

    Raises:
        SourceError: `E_UNSUPPORTED_FORMAT` for data in another container, `E_BINARY` for no data.
    """
    for magic, what, hint in _UNSUPPORTED:
        if head.startswith(magic):
            raise unsupported(what, hint, location=location)
    if head[257:262] == b"ustar":
        raise unsupported("a tar archive", "Unpack it and name the file inside.", location=location)
    if sniff_compression(head) != "none":
        raise unsupported("compressed twice", "Expand it once.", location=location)
    for magic, what in _BINARIES:
        if head.startswith(magic):
            raise SourceError(
                f"This is {what}, not data.",
                code="E_BINARY",
                location=location,
                hint="Give CSV, JSON, XML, Parquet, Avro or a workbook.",
            )


def unsupported(what: str, hint: str, *, location: str) -> SourceError:
    """Return the error for a format that is recognised and not read."""
    return SourceError(
        f"This is {what}, which is not read.",
        code="E_UNSUPPORTED_FORMAT",
        location=location,
        hint=hint,
    )
