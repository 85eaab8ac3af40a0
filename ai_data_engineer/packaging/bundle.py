"""The bundle: render, run, zip. The ZIP appears only after the project has run."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from ai_data_engineer.document import Document
from ai_data_engineer.errors import VerificationError
from ai_data_engineer.io.addresses import file_name, without_credentials
from ai_data_engineer.packaging.archive import check_names
from ai_data_engineer.packaging.places import check_place, publish
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

    path: Annotated[str, BeforeValidator(lambda p: str(p) if isinstance(p, Path) else p)]
    """Where it lies: a path, or `s3://bucket/key`."""
    sha256: str
    """Of the ZIP, in hex."""
    size_bytes: int = Field(ge=0)
    files: int = Field(ge=0)
    """How many files it holds."""
    verification: Verification
    seconds: dict[str, float] = {}
    """Wall-clock seconds of each command of the verification."""

    @property
    def name(self) -> str:
        """The last part of where it lies."""
        return file_name(self.path)


def package(
    spec: PipelineSpec,
    profiles: Sequence[FileProfile],
    out: Path | str,
    *,
    settings: Settings | None = None,
    provenance: Provenance | None = None,
) -> BundleRecord:
    """Render a valid spec, run the project on a sample of its sources, put the ZIP to `out`.

    `out` is a path or `s3://bucket/key`; `profiles` are those of the sources, in the same order or
    fewer. The same spec, profiles, sources and provenance give the same bytes.

    Raises:
        SourceError: a source cannot be read for its sample.
        VerificationError: the project does not run, or its tests fail; there is no ZIP.
        OutputError: `out` cannot be written.
        TransientError: a storage may answer later.
    """
    limits = settings or current_settings()
    place = str(out)
    check_place(place)
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
    sha256, size = publish(files, place)
    return BundleRecord(
        path=place,
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


def _write(files: dict[str, bytes], project: Path) -> None:
    for name, data in files.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (project / EXPECTED).mkdir(parents=True)


def _manifest(files: dict[str, bytes]) -> bytes:
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    return as_json({"manifest_version": "1", "sha256": digests}).encode()
