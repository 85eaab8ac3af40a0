"""Which addresses a source policy allows, and that no reader gets past it."""

from __future__ import annotations

import http.server
import re
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest

from ai_data_engineer.errors import OutputError, SettingsError, SourceError
from ai_data_engineer.io.opening import expand, open_source
from ai_data_engineer.io.parquet_reader import read_parquet
from ai_data_engineer.packaging.trial import try_apart
from ai_data_engineer.profiling import profile_source
from ai_data_engineer.rendering.execution import execute
from ai_data_engineer.settings import load_settings
from ai_data_engineer.sources.policy import SourcePolicy, check, check_output
from ai_data_engineer.spec.findings import Findings
from ai_data_engineer.spec.propagation import propagate
from ai_data_engineer.spec.spec import PipelineSpec
from ai_data_engineer.specifying.offline.planner import plan
from ai_data_engineer.validating import validate

CSV = b"id,name\n1,a\n2,b\n"


@pytest.mark.parametrize(
    ("entry", "uri", "allowed"),
    [
        ("shop", "s3://shop/a.csv", True),
        ("shop", "S3://shop/a.csv", True),
        ("shop", "s3://shop-archive/a.csv", False),
        ("shop", "s3://*/a.csv", False),
        ("shop", "s3://sho*/a.csv", False),
        ("shop/in", "s3://shop/in/a.csv", True),
        ("shop/in", "s3://shop/in/2024-*.csv", True),
        ("shop/in/", "s3://shop/in/a.csv", True),
        ("s3://shop/in", "s3://shop/in/a.csv", True),
        ("shop/in", "s3://shop/in*/a.csv", False),
        ("shop/in", "s3://shop/inside.csv", False),
        ("shop/in", "s3://shop/*/in/a.csv", False),
        ("shop/in", "s3://shop/in/../out/a.csv", False),
        ("shop/in", "s3://shop/in/%2e%2e/out/a.csv", False),
        ("none", "s3://shop/a.csv", False),
    ],
)
def test_buckets_are_compared_exactly_and_prefixes_by_whole_folders(entry, uri, allowed):
    assert SourcePolicy(buckets=(entry,)).allows(uri) is allowed


@pytest.mark.parametrize(
    ("entry", "uri", "allowed"),
    [
        ("data.example.com", "https://data.example.com/a.csv", True),
        ("data.example.com", "http://DATA.example.com.:8080/a.csv", True),
        ("data.example.com", "https://user@data.example.com/a.csv", True),
        ("data.example.com", "https://data.example.com@evil.example/a.csv", False),
        ("data.example.com", "https://evil.example\\@data.example.com/a.csv", False),
        ("data.example.com", "https://data.example.com.evil.example/a.csv", False),
        ("data.example.com", "https://x.data.example.com/a.csv", False),
        ("*.example.com", "https://data.example.com/a.csv", True),
        ("*.example.com", "https://a.b.example.com/a.csv", True),
        ("*.example.com", "https://example.com/a.csv", False),
        ("*.example.com", "https://evilexample.com/a.csv", False),
        ("bücher.example", "https://xn--bcher-kva.example/a.csv", True),
        ("[::1]", "http://[::1]:9/a.csv", True),
        ("data.example.com", "https://[broken/a.csv", False),
        ("none", "https://data.example.com/a.csv", False),
    ],
)
def test_hosts_are_compared_as_a_client_reads_them(entry, uri, allowed):
    assert SourcePolicy(hosts=(entry,)).allows(uri) is allowed


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path) -> Path:
    """`in` may be read and has links to `out`, which may not."""
    for name in ("in/sub", "out"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "a.csv").write_bytes(CSV)
    (tmp_path / "in/link.csv").symlink_to(tmp_path / "out/a.csv")
    (tmp_path / "in/linked").symlink_to(tmp_path / "out")
    with zipfile.ZipFile(tmp_path / "in/b.zip", "w") as archive:
        archive.writestr("a.csv", CSV)
    with zipfile.ZipFile(tmp_path / "out/b.zip", "w") as archive:
        archive.writestr("a.csv", CSV)
    monkeypatch.setenv("ADE_ALLOWED_FOLDERS", str(tmp_path / "in"))
    return tmp_path


@pytest.mark.parametrize(
    "inside",
    ["sub/a.csv", "sub/../sub/a.csv", "sub/*.csv", "*/a*.csv", "b.zip", "b.zip!/a.csv", "b.zip!/*"],
)
def test_what_lies_in_an_allowed_folder_is_read(folders, inside):
    if inside.startswith("*/"):
        (folders / "in/linked").unlink()
    (found,) = expand(f"{folders}/in/{inside}")
    with open_source(found) as stream:
        assert stream.read() == CSV


@pytest.mark.parametrize(
    "outside",
    [
        "out/a.csv", "in/../out/a.csv", "in/link.csv", "in/linked/a.csv", "in/linked/*.csv",
        "in/*/a.csv", "in/*.csv", "in/sub/*/../../../out/*.csv", "in*/*.csv", "*/a.csv", "out/*",
        "out/b.zip", "out/b.zip!/a.csv", "in/b.zip!/../../out/a.csv", "out/not-there.csv", "nowhere/*",
    ],
)  # fmt: skip
@pytest.mark.parametrize("scheme", ["", "file://"])
def test_nothing_outside_of_it_is_listed_or_opened_however_it_is_named(folders, scheme, outside):
    with pytest.raises(SourceError, match=rf"^E_DENIED .*Allowed: {folders}/in\. .*ADE_ALLOWED_FO"):
        _read_all(f"{scheme}{folders}/{outside}")


def _read_all(uri: str) -> None:
    for file in expand(uri):
        with open_source(file):
            pass


def test_a_path_is_relative_to_where_the_process_stands(folders, monkeypatch):
    monkeypatch.chdir(folders / "in")
    assert expand("sub/*.csv") == ["sub/a.csv"]
    with pytest.raises(SourceError, match="E_DENIED"):
        expand("../out/a.csv")


@pytest.mark.parametrize("path", ["a\0.csv", "loop.csv", "~nobody-has-this-name/a.csv"])
def test_a_path_that_cannot_be_followed_is_not_allowed(folders, monkeypatch, path):
    monkeypatch.chdir(folders / "in")
    Path("loop.csv").symlink_to("loop.csv")
    with pytest.raises(SourceError, match=r"^E_(DENIED|NOT_FOUND) "):
        expand(path)


def _spec(uri: str, source: Path) -> PipelineSpec:
    spec = plan([profile_source(str(source))])
    bound = [s.model_copy(update={"uri": uri}) for s in spec.sources]
    return spec.model_copy(update={"sources": bound})


def test_a_spec_that_names_another_place_is_refused_by_gates_and_runs(folders, tmp_path):
    spec = _spec(f"{folders}/in/link.csv", folders / "in/sub/a.csv")
    with pytest.raises(SourceError, match="E_DENIED"):
        validate(spec)
    with pytest.raises(SourceError, match="E_DENIED"):
        try_apart(spec, dict(propagate(spec, Findings())), 10)
    with pytest.raises(SourceError, match="E_DENIED"):
        execute(spec, tmp_path / "done")
    assert not (tmp_path / "done").exists()


def test_a_spec_that_keeps_to_the_policy_is_tried_and_run(folders, tmp_path):
    spec = _spec(f"{folders}/in/sub/a.csv", folders / "in/sub/a.csv")
    assert validate(spec).is_valid
    assert execute(spec, tmp_path / "done") == 0


def test_temporary_copies_of_ours_are_read_where_folders_are_limited(folders):
    pl.DataFrame({"a": [1, 2]}).write_parquet(folders / "in/t.parquet")
    with zipfile.ZipFile(folders / "in/t.zip", "w") as archive:
        archive.write(folders / "in/t.parquet", "t.parquet")
    assert profile_source(f"{folders}/in/t.zip!/t.parquet").records.total == 2
    assert profile_source(f"{folders}/in/t.parquet", mode="full").records.total == 2


class _Redirecting(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        file = self.server.files.get(self.path)  # type: ignore[attr-defined]
        if file is None:
            self.send_response(302)
            port = self.server.server_port  # type: ignore[attr-defined]
            self.send_header("Location", f"http://localhost:{port}{self.path.replace('/away', '')}")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.server.hosts.append(self.headers["Host"].partition(":")[0])  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("Content-Length", str(len(file)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(file)

    do_HEAD = do_GET

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def web(tmp_path: Path) -> Iterator[http.server.ThreadingHTTPServer]:
    pl.DataFrame({"a": [1, 2]}).write_parquet(tmp_path / "t.parquet")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Redirecting)
    server.files = {"/a.csv": CSV, "/t.parquet": (tmp_path / "t.parquet").read_bytes()}  # type: ignore[attr-defined]
    server.hosts = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def _read(uri: str) -> bytes:
    with open_source(uri) as stream:
        return stream.read()


def test_a_server_that_is_not_allowed_is_never_asked(web, monkeypatch):
    monkeypatch.setenv("ADE_ALLOWED_HOSTS", "localhost")
    with pytest.raises(SourceError, match=r"^E_DENIED http://127.*Allowed: localhost\."):
        _read(f"http://127.0.0.1:{web.server_port}/a.csv")
    assert web.hosts == []


@pytest.mark.parametrize(
    ("allowed", "denied"), [("127.0.0.1", True), ("127.0.0.1,localhost", False)]
)
def test_a_redirection_leads_to_allowed_servers_alone(web, monkeypatch, allowed, denied):
    monkeypatch.setenv("ADE_ALLOWED_HOSTS", allowed)
    here = f"http://127.0.0.1:{web.server_port}"
    assert _read(f"{here}/a.csv") == CSV
    if denied:
        with pytest.raises(SourceError, match=r"^E_DENIED http://localhost"):
            _read(f"{here}/away/a.csv")
        assert "localhost" not in web.hosts
    else:
        assert _read(f"{here}/away/a.csv") == CSV


def test_a_library_follows_no_redirection_by_itself_where_servers_are_limited(web, monkeypatch):
    monkeypatch.setenv("ADE_ALLOWED_HOSTS", "127.0.0.1")
    here = f"http://127.0.0.1:{web.server_port}"
    assert profile_source(f"{here}/t.parquet").records.total == 2
    with pytest.raises(SourceError, match="E_DENIED"):
        list(read_parquet(f"{here}/away/t.parquet", columns=[]))
    assert "localhost" not in web.hosts


def test_a_run_in_a_process_of_its_own_keeps_to_the_policy_on_redirections(
    web, monkeypatch, tmp_path, capfd
):
    (tmp_path / "a.csv").write_bytes(CSV)
    here = f"http://127.0.0.1:{web.server_port}"
    spec = _spec(f"{here}/away/a.csv", tmp_path / "a.csv")
    monkeypatch.setenv("ADE_ALLOWED_HOSTS", "127.0.0.1")
    assert execute(spec, tmp_path / "done") == 2
    assert re.search(r"E_DENIED .*http://localhost", capfd.readouterr().err)
    assert "localhost" not in web.hosts


def test_children_keep_to_what_narrows_the_policy_of_this_process(folders, monkeypatch):
    narrowed = SourcePolicy(folders=(f"{folders}/in/sub",)).model_dump_json()
    monkeypatch.setenv("ADE_SOURCE_POLICY", narrowed)
    with pytest.raises(SourceError, match=r"E_DENIED .*`folders` of the block `source-policy`"):
        check(f"{folders}/in/b.zip")
    assert check(f"{folders}/in/sub/a.csv")
    monkeypatch.setenv("ADE_ALLOWED_FOLDERS", f"{folders}/out")  # it cannot widen it
    with pytest.raises(SourceError, match="E_DENIED"):
        check(f"{folders}/in/sub/a.csv")


@pytest.mark.parametrize(
    ("text", "buckets"),
    [
        ("a, b/c ,", ("a", "b/c")),
        ('["a", "b/c"]', ("a", "b/c")),
        ("none", ("none",)),
        ("", ()),
    ],
)
def test_lists_are_text_with_commas_or_json(monkeypatch, text, buckets):
    monkeypatch.setenv("ADE_ALLOWED_BUCKETS", text)
    assert load_settings().allowed_buckets == buckets


@pytest.mark.parametrize(
    ("name", "text", "mends"),
    [
        ("ADE_ALLOWED_HOSTS", "https://data.example.com/x", "without scheme, port or path"),
        ("ADE_ALLOWED_HOSTS", "data.example.com:8080", "without scheme, port or path"),
        ("ADE_ALLOWED_FOLDERS", "data/in", "absolute folders"),
        ("ADE_ALLOWED_BUCKETS", '["a"', "neither `a,b` nor a JSON list"),
    ],
)
def test_an_entry_that_would_never_match_is_refused_at_start(monkeypatch, name, text, mends):
    monkeypatch.setenv(name, text)
    with pytest.raises(SettingsError, match=rf"^E_SETTING {name}: .*{mends}"):
        load_settings()


def test_an_error_names_a_few_of_many_entries(monkeypatch):
    monkeypatch.setenv("ADE_ALLOWED_BUCKETS", ",".join(f"bucket-{n}" for n in range(9)))
    with pytest.raises(SourceError, match=r"Allowed: bucket-0, .*bucket-4 and more\."):
        check("s3://other/a.csv")


def test_bundles_lie_where_they_are_put_as_soon_as_folders_are_limited(folders, home, tmp_path):
    settings = load_settings()
    check_output(str(home / "bundles/x.zip"), settings)
    for place in ("/etc/cron.d/x.zip", f"{home}/bundles/../state/x.zip", f"{folders}/in/x.zip"):
        with pytest.raises(OutputError, match=r"^E_DENIED .*Leave the output empty"):
            check_output(place, settings)


def test_a_bundle_goes_into_no_other_bucket_as_soon_as_buckets_are_limited(monkeypatch, tmp_path):
    monkeypatch.setenv("ADE_ALLOWED_BUCKETS", "shop")
    # Who may read a bucket may not write over what lies in it.
    for place in ("s3://shop/orders.csv", "s3://other/x.zip"):
        with pytest.raises(OutputError, match=r"^E_DENIED .*Leave the output empty"):
            check_output(place, load_settings())
    settings = load_settings(bundles="s3://made/of-ade")
    check_output("s3://made/of-ade/x.zip", settings)
    with pytest.raises(OutputError, match=r"^E_DENIED .*below s3://made/of-ade"):
        check_output("s3://made/other/x.zip", settings)
    check_output(str(tmp_path / "x.zip"), settings)


def test_without_limits_to_folders_a_bundle_may_lie_anywhere(home, tmp_path):
    check_output(str(tmp_path / "x.zip"), load_settings())


@pytest.mark.parametrize(
    ("output", "allowed"),
    [
        ("s3://shop/bundles/x.zip", True),
        ("s3://shop/in/x.zip", False),
        ("s3://other/bundles/x.zip", False),
        ("/tmp/x.zip", False),
    ],
)
def test_bundles_in_a_bucket_stay_below_its_prefix(folders, output, allowed):
    settings = load_settings(bundles="s3://shop/bundles")
    if allowed:
        check_output(output, settings)
        return
    with pytest.raises(OutputError, match="E_DENIED"):
        check_output(output, settings)
