"""A backup as a file."""

import json
import zipfile
from datetime import UTC, datetime

import pytest

from ai_data_engineer.errors import AdeError, OutputError, SourceError
from deployments.recovery.backup_file import Backup, read, write
from deployments.recovery.hiding import HIDDEN

PASSPHRASE = "correct horse battery staple"
PLACE = ("blocks", "secret/a", "data", "value")


def backup():
    sections = {"blocks": {"secret/a": {"data": {"value": HIDDEN}}}, "variables": {}}
    return Backup(datetime(2026, 3, 1, 4, tzinfo=UTC), sections, [(PLACE, "gh-secret-1")])


def test_it_is_read_as_it_was_written(tmp_path):
    write(backup(), str(tmp_path / "b.zip"), PASSPHRASE)

    found = read(str(tmp_path / "b.zip"), PASSPHRASE)

    assert (found.created, found.sections) == (backup().created, backup().sections)
    assert found.secrets == [(PLACE, "gh-secret-1")]


def test_it_is_its_owners_alone_and_nothing_is_left_beside_it(tmp_path):
    write(backup(), str(tmp_path / "new" / "b.zip"), None)

    (file,) = (tmp_path / "new").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_no_secret_is_in_the_file_in_clear(tmp_path, passphrase):
    write(backup(), str(tmp_path / "b.zip"), passphrase)

    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        content = b"".join(map(archive.read, archive.namelist()))
    assert b"gh-secret-1" not in content


def test_the_manifest_says_what_is_in_it(tmp_path):
    write(backup(), str(tmp_path / "b.zip"), None)

    with zipfile.ZipFile(tmp_path / "b.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert manifest["created"] == "2026-03-01T04:00:00+00:00"
    assert manifest["counts"] == {"blocks": 1, "variables": 0}
    assert manifest["secrets"] == "left out"


def test_a_backup_that_cannot_be_written_leaves_the_last_one(tmp_path):
    target = tmp_path / "b.zip"
    target.mkdir()

    with pytest.raises(OutputError, match="folder"):
        write(backup(), str(target), None)
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_in_the_place_of_the_folder_is_said(tmp_path):
    (tmp_path / "backups").touch()

    with pytest.raises(OutputError, match="cannot be written"):
        write(backup(), str(tmp_path / "backups" / "b.zip"), None)


def rewritten(path, change):
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)


def later(files):
    manifest = json.loads(files["manifest.json"])
    files["manifest.json"] = json.dumps({**manifest, "version": 2}).encode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda files: files.update({"configuration/blocks.json": b"{}"}), "checksums"),
        (lambda files: files.update({"configuration/more.json": b"{}"}), "checksums"),
        (lambda files: files.pop("manifest.json"), "no backup"),
        (later, "later version"),
    ],
)
def test_one_that_was_changed_is_refused(tmp_path, change, said):
    path = tmp_path / "b.zip"
    write(backup(), str(path), None)
    rewritten(path, change)

    with pytest.raises(AdeError, match=said) as refused:
        read(str(path), None)
    assert refused.value.code == "E_BACKUP"


def test_what_is_no_zip_is_refused(tmp_path):
    (tmp_path / "b.zip").write_text("nothing")

    with pytest.raises(AdeError, match="E_BACKUP"):
        read(str(tmp_path / "b.zip"), None)


def test_one_that_is_not_there_is_named(tmp_path):
    with pytest.raises(SourceError, match="E_NOT_FOUND"):
        read(str(tmp_path / "b.zip"), None)
