"""Opening sources: paths, globs, compression within limits, errors that name the way out."""

from __future__ import annotations

import bz2
import gzip
import http.server
import lzma
import os
import threading
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
import zstandard

from ai_data_engineer.errors import SourceError, TransientError
from ai_data_engineer.io.opening import expand, open_source

COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
}
TEXT = b"id,name\n1,Ada\n" * 50_000


@cache
def compressed(compression: str) -> bytes:
    return COMPRESS[compression](TEXT)


def read(uri: object, **options: object) -> bytes:
    with open_source(str(uri), **options) as stream:  # type: ignore[arg-type]
        return stream.read()


def test_a_plain_file_is_read_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(TEXT)
    assert read(tmp_path / "a.csv") == TEXT
    assert read((tmp_path / "a.csv").as_uri()) == TEXT


@pytest.mark.parametrize("compression", COMPRESS)
def test_members_one_behind_the_other_are_one_stream(tmp_path: Path, compression: str) -> None:
    compress = COMPRESS[compression]
    (tmp_path / "a").write_bytes(compressed(compression) + compress(b"") + compress(b"end"))
    assert read(tmp_path / "a", compression=compression) == TEXT + b"end"


def test_gzip_may_be_padded_with_zeros(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"x") + bytes(100_000))
    assert read(tmp_path / "a.gz", compression="gzip") == b"x"


@pytest.mark.parametrize("compression", COMPRESS)
@pytest.mark.parametrize("kept", [0, 1, 10, -1])
def test_a_stream_that_breaks_off_is_truncated(tmp_path: Path, compression: str, kept: int) -> None:
    (tmp_path / "a").write_bytes(compressed(compression)[:kept])
    with pytest.raises(SourceError, match=r"^E_TRUNCATED .*breaks off.*again"):
        read(tmp_path / "a", compression=compression)


@pytest.mark.parametrize("compression", COMPRESS)
def test_what_is_not_compressed_so_is_corrupt(tmp_path: Path, compression: str) -> None:
    (tmp_path / "a").write_bytes(TEXT)
    with pytest.raises(SourceError, match=r"^E_CORRUPT "):
        read(tmp_path / "a", compression=compression)


def test_bytes_behind_the_last_member_are_corrupt(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(gzip.compress(TEXT) + b"garbage")
    with pytest.raises(SourceError, match=r"^E_CORRUPT "):
        read(tmp_path / "a.gz", compression="gzip")


@pytest.mark.parametrize("compression", COMPRESS)
def test_expansion_stops_at_the_total(tmp_path: Path, compression: str) -> None:
    (tmp_path / "a").write_bytes(compressed(compression))
    with pytest.raises(SourceError, match=r"^E_EXPANSION .*more than 100000 bytes"):
        read(tmp_path / "a", compression=compression, max_expanded=100_000)


@pytest.mark.parametrize("compression", ["gzip", "zstd"])
def test_a_bomb_is_stopped_soon_after_64_mib(tmp_path: Path, compression: str) -> None:
    (tmp_path / "bomb").write_bytes(COMPRESS[compression](bytes(80 * 1024**2)))
    with open_source(str(tmp_path / "bomb"), compression=compression, max_ratio=200) as stream:
        stream.read(32 * 1024**2)
        with pytest.raises(SourceError, match=r"^E_EXPANSION .*more than 200 times"):
            stream.read(48 * 1024**2)


def test_missing_folder_and_unknown_scheme_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"^E_NOT_FOUND .*no such file"):
        read(tmp_path / "none.csv")
    with pytest.raises(SourceError, match=r"^E_NOT_FOUND "):
        read("a\0b")
    with pytest.raises(SourceError, match=r"^E_IS_DIRECTORY .*glob"):
        read(tmp_path)
    with pytest.raises(SourceError, match=r"^E_ADDRESS .*ftp"):
        read("ftp://host/a.csv")


def test_globs_are_sorted_and_hold_files_only(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv", "c.txt", "deep/d.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "folder.csv").mkdir()
    names = [Path(p).name for p in expand(f"{tmp_path}/*.csv")]
    assert names == ["a.csv", "b.csv"]
    assert [Path(p).name for p in expand(f"{tmp_path}/**/*.csv")] == ["a.csv", "b.csv", "d.csv"]
    with pytest.raises(SourceError, match=r"^E_NOT_FOUND .*No file matches"):
        expand(f"{tmp_path}/*.json")
    with pytest.raises(SourceError, match=r"^E_NOT_FOUND "):
        expand(f"{tmp_path}/none.csv")
    with pytest.raises(SourceError, match=r"^E_IS_DIRECTORY "):
        expand(str(tmp_path))


def test_a_name_with_brackets_is_a_name_when_it_exists(tmp_path: Path) -> None:
    (tmp_path / "a[1].csv").write_text("x")
    assert expand(f"{tmp_path}/a[1].csv") == [f"{tmp_path}/a[1].csv"]


def test_an_unknown_scheme_is_no_path_and_is_shown_without_the_password() -> None:
    for verb in (expand, read):
        with pytest.raises(SourceError, match=r"^E_ADDRESS ftp://host/a.csv: `ftp://`") as caught:
            verb("ftp://ada:lovelace@host/a.csv")
        assert "lovelace" not in str(caught.value)


@pytest.mark.parametrize(
    ("uri", "code"),
    [
        ("", "E_ADDRESS"),
        ("~nobody-has-this-name/a.csv", "E_NOT_FOUND"),
        ("file://elsewhere/etc/hosts", "E_NOT_FOUND"),
        ("https://[::1/a.csv", "E_ADDRESS"),
        ("s3:///a.csv", "E_ADDRESS"),
    ],
)
def test_an_address_that_makes_no_sense_is_told(uri: str, code: str) -> None:
    with pytest.raises(SourceError, match=f"^{code} "):
        read(expand(uri)[0])


def test_a_pipe_or_device_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for place in (tmp_path / "pipe.csv", "/dev/zero", "/dev/null"):
        for verb in (expand, read):
            with pytest.raises(SourceError, match=r"^E_NOT_A_FILE .*pipe or a device"):
                verb(str(place))


def test_a_symbolic_link_is_read_as_what_it_points_to(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b"x")
    (tmp_path / "link.csv").symlink_to(tmp_path / "a.csv")
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    assert read(expand(f"{tmp_path}/link.csv")[0]) == b"x"
    with pytest.raises(SourceError, match=r"^E_NOT_FOUND "):
        read(tmp_path / "loop.csv")


@pytest.mark.parametrize("host", ["169.254.169.254", "[fe80::1]", "[::ffff:169.254.169.254]"])
def test_the_service_that_hands_out_keys_to_a_machine_is_not_read(host: str) -> None:
    with pytest.raises(SourceError, match=r"^E_DENIED .*service of the machine itself"):
        read(f"http://{host}/latest/meta-data")


def test_a_redirection_does_not_lead_there_either(web: str) -> None:
    with pytest.raises(SourceError, match=r"^E_DENIED .*service of the machine itself"):
        read(f"http://{web}/302/a.csv")


class _Answers(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status = int(self.path.split("/")[1])
        body = TEXT if status == 200 else b"secret detail"
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "http://169.254.169.254/latest/meta-data")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    do_HEAD = do_GET

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def web() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_web_address_is_streamed(web: str) -> None:
    assert read(f"http://{web}/200/a.csv") == TEXT


@pytest.mark.parametrize(
    ("status", "error", "code"),
    [
        (404, SourceError, "E_NOT_FOUND"),
        (403, SourceError, "E_DENIED"),
        (401, SourceError, "E_DENIED"),
        (429, TransientError, "E_TRANSIENT"),
        (503, TransientError, "E_TRANSIENT"),
        (400, SourceError, "E_SOURCE"),
    ],
)
def test_answers_of_a_server_become_errors_without_credentials(
    web: str, status: int, error: type[Exception], code: str
) -> None:
    with pytest.raises(error, match=f"^{code} ") as caught:
        read(f"http://ada:lovelace@{web}/{status}/a.csv?key=hunter2")
    assert "lovelace" not in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_server_that_is_not_there_is_transient() -> None:
    with pytest.raises(TransientError, match="does not answer"):
        read("http://127.0.0.1:9/a.csv")
