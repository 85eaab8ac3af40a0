"""Objects of any size that no disk holds: what is asked for of them is made up on the fly."""

from __future__ import annotations

import gzip
import json
import random
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

_BLOCK = 1024 * 1024
_GROUP_ROWS = 500_000


@dataclass(frozen=True)
class Made:
    """`head`, then `block` again and again, then `tail`."""

    head: bytes
    block: bytes
    times: int
    tail: bytes

    @property
    def size(self) -> int:
        return len(self.head) + len(self.block) * self.times + len(self.tail)

    def read(self, start: int, end: int) -> bytes:
        """Return the bytes from `start` to before `end`."""
        pieces = []
        middle = len(self.head) + len(self.block) * self.times
        while start < min(end, self.size):
            if start < len(self.head):
                piece = self.head[start:end]
            elif start < middle:
                at = (start - len(self.head)) % len(self.block)
                piece = self.block[at : at + min(end, middle) - start]
            else:
                piece = self.tail[start - middle : end - middle]
            pieces.append(piece)
            start += len(piece)
        return b"".join(pieces)


def _rows() -> list[tuple[int, str, float, str]]:
    random_ = random.Random(1)
    found: list[tuple[int, str, float, str]] = []
    length = 0
    while length < _BLOCK:
        row = (
            random_.randrange(10**9),
            random_.choice(["paid", "open", "shipped"]),
            round(random_.random() * 1000, 2),
            f"2024-{random_.randint(1, 12):02}-{random_.randint(1, 28):02}",
        )
        found.append(row)
        length += 32
    return found


_NAMES = ("id", "status", "amount", "day")
_CSV = "".join(f"{a},{b},{c},{d}\n" for a, b, c, d in _rows()).encode()
_LINES = [json.dumps(dict(zip(_NAMES, row, strict=True))).encode() for row in _rows()]
_HEADER = ",".join(_NAMES).encode() + b"\n"


def csv(size: int) -> Made:
    return Made(_HEADER, _CSV, size // len(_CSV), b"")


def ndjson(size: int) -> Made:
    block = b"\n".join(_LINES) + b"\n"
    return Made(b"", block, size // len(block), b"")


def document(size: int) -> Made:
    """Return one JSON document."""
    block = b",\n".join(_LINES) + b",\n"
    return Made(b"[\n", block, size // len(block), _LINES[0] + b"\n]\n")


def xml(size: int) -> Made:
    block = "".join(
        f'<order id="{a}"><status>{b}</status><amount>{c}</amount><day>{d}</day></order>\n'
        for a, b, c, d in _rows()
    ).encode()
    return Made(b"<orders>\n", block, size // len(block), b"</orders>\n")


def gz(size: int) -> Made:
    block = gzip.compress(_CSV, mtime=0)
    return Made(gzip.compress(_HEADER, mtime=0), block, size // len(block), b"")


def zip_(size: int) -> Made:
    """Return an archive (ZIP64) with one deflated file; nobody reads as far as its check sum."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = [packer.compress(x) + packer.flush(zlib.Z_FULL_FLUSH) for x in (_HEADER, _CSV)]
    last = zlib.compressobj(6, zlib.DEFLATED, -15).flush()
    times = size // len(packed[1])
    stored = len(packed[0]) + times * len(packed[1]) + len(last)
    whole = len(_HEADER) + times * len(_CSV)
    name = b"orders.csv"
    sizes = struct.pack("<HHQQ", 1, 16, whole, stored)
    common = struct.pack("<HHHHHLLLHH", 45, 0, 8, 0, 33, 0, 0xFFFFFFFF, 0xFFFFFFFF, len(name), 20)
    local = b"PK\x03\x04" + common + name + sizes
    entry = b"PK\x01\x02" + struct.pack("<H", 45) + common + struct.pack("<HHHLL", 0, 0, 0, 0, 0)
    entry += name + sizes
    at = len(local) + stored
    end64 = b"PK\x06\x06" + struct.pack("<QHHLLQQQQ", 44, 45, 45, 0, 0, 1, 1, len(entry), at)
    end64 += b"PK\x06\x07" + struct.pack("<LQL", 0, at + len(entry), 1)
    end = b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 1, 1, len(entry), 0xFFFFFFFF, 0)
    return Made(local + packed[0], packed[1], times, last + entry + end64 + end)


def parquet(size: int) -> Made:
    """Return a file of row groups that are all the same bytes, at their places in the footer."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    class Folded:
        """What is written but for what has been written before."""

        def __init__(self) -> None:
            self.position, self.kept, self.keep = 0, bytearray(), True
            self.closed = False

        def write(self, data: object) -> int:
            view = memoryview(data)  # type: ignore[arg-type]
            if self.keep:
                self.kept += view
            self.position += view.nbytes
            return view.nbytes

        def tell(self) -> int:
            return self.position

        def flush(self) -> None:
            pass

        def close(self) -> None:
            pass

    rows = (_rows() * (_GROUP_ROWS // len(_rows()) + 1))[:_GROUP_ROWS]
    table = pa.table({n: [r[i] for r in rows] for i, n in enumerate(_NAMES)})
    sink = Folded()
    writer = pq.ParquetWriter(sink, table.schema, compression="none", use_dictionary=False)
    writer.write_table(table, row_group_size=_GROUP_ROWS)
    start, end = 4, sink.position
    times = size // (end - start)
    sink.keep = False
    for _ in range(times - 1):
        writer.write_table(table, row_group_size=_GROUP_ROWS)
    sink.keep = True
    writer.close()
    kept = bytes(sink.kept)
    return Made(kept[:start], kept[start:end], times, kept[end:])


KINDS: dict[str, Callable[[int], Made]] = {
    "orders.csv": csv,
    "orders.ndjson": ndjson,
    "orders.json": document,
    "orders.xml": xml,
    "orders.parquet": parquet,
    "orders.csv.gz": gz,
    "orders.zip": zip_,
}
