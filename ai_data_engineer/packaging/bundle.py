"""The bundle: render, run, zip. The ZIP appears only after the project has run."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from pydantic import Field

from ai_data_engineer.document import Document
from ai_data_engineer.errors import OutputError, VerificationError
from ai_data_engineer.io.addresses import without_credentials
from ai_data_engineer.packaging.archive import check_names, write_archive
from ai_data_engineer.packaging.sampling import cut_sample
from ai_data_engineer.packaging.verification import EXPECTED, Verification, verify
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.rendering.documents import as_json
from ai_data_engineer.rendering.project import package_name, render
from ai_data_engineer.settings import Settings
from ai_data_engineer.settings import settings as current_settings
from ai_data_engineer.spec.spec import PipelineSpec
from ai_data_engineer.specifying.provenance import Provenance

MANIFEST = "MANIFEST.json"


class BundleRecord(Document):
    """A bundle that lies at `path`, and how its project did when it was run."""

    path: Path
    sha256: str
    """Of the ZIP, in hex."""
    size_bytes: int = Field(ge=0)
    files: int = Field(ge=0)
    """How many files it holds."""
    verification: Verification
    seconds: dict[str, float] = {}
    """Wall-clock seconds of each command of the verification."""


def package(
    spec: PipelineSpec,
    profiles: Sequence[FileProfile],
    out: Path,
    *,
    settings: Settings | None = None,
    provenance: Provenance | None = None,
) -> BundleRecord:
    """Render a valid spec, run the project on a sample of its sources, write the ZIP to `out`.

    `profiles` are those of the sources, in the same order or fewer. The same spec, profiles,
    sources and provenance give the same bytes.

    Raises:
        SourceError: a source cannot be read for its sample.
        VerificationError: the project does not run, or its tests fail; there is no ZIP.
        OutputError: `out` cannot be written.
    """
    limits = settings or current_settings()
    _check_place(out)
    samples = {s.id: cut_sample(s, limits.sample_rows) for s in spec.sources}
    files = render(_kept(spec), profiles, samples=samples, provenance=provenance)
    check_names(files)
    with tempfile.TemporaryDirectory(prefix="ade-bundle-") as folder:
        project = Path(folder) / "project"
        _write(files, project)
        verified = verify(project, package_name(spec), limits)
        for path in sorted((project / EXPECTED).iterdir()):
            if path.is_symlink() or not path.is_file():
                raise VerificationError("The project left something other than files.")
            files[path.relative_to(project).as_posix()] = path.read_bytes()
    files["verification.json"] = verified.verification.to_json().encode()
    files[MANIFEST] = _manifest(files)
    sha256, size = _publish(files, out)
    return BundleRecord(
        path=out,
        sha256=sha256,
        size_bytes=size,
        files=len(files),
        verification=verified.verification,
        seconds=verified.seconds,
    )


def _kept(spec: PipelineSpec) -> PipelineSpec:
    """Return the spec without credentials: it may have been given an address to read from."""
    sources = [s.model_copy(update={"uri": without_credentials(s.uri)}) for s in spec.sources]
    return spec.model_copy(update={"sources": sources})


def _check_place(out: Path) -> None:
    """Raise OutputError where no file can lie, before minutes of work are lost."""
    if not out.name or out.is_dir():
        raise OutputError(
            "This is a folder, not a file.", location=str(out), hint="Name a file, as bundle.zip."
        )


def _write(files: dict[str, bytes], project: Path) -> None:
    for name, data in files.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (project / EXPECTED).mkdir(parents=True)


def _manifest(files: dict[str, bytes]) -> bytes:
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    return as_json({"manifest_version": "1", "sha256": digests}).encode()


def _publish(files: dict[str, bytes], out: Path) -> tuple[str, int]:
    """Write beside the place, then take the place; returns the ZIP's sha256 and size."""
    partial = out.with_name(f"{out.name}.partial")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        write_archive(files, partial)
        with partial.open("rb") as written:
            sha256 = hashlib.file_digest(written, "sha256").hexdigest()
            size = os.fstat(written.fileno()).st_size
        partial.replace(out)
    except OSError as error:
        raise OutputError(
            f"The bundle cannot be written ({error.strerror}).", location=str(out)
        ) from None
    finally:
        partial.unlink(missing_ok=True)
    return sha256, size
