"""Which of the formats that are no text a file has: by its first bytes, and what it contains."""

from __future__ import annotations

from ai_data_engineer.io.archives import ZIP, open_archive
from ai_data_engineer.io.workbooks import OLE, kind_of_archive, kind_of_compound
from ai_data_engineer.settings import Settings
from ai_data_engineer.sources.dialect import Format
from ai_data_engineer.sources.magic import AVRO, PARQUET
from ai_data_engineer.sources.sample import Sample, reopened


def binary_format(sample: Sample, settings: Settings) -> Format | None:
    """Return the format of a file that is no text; None: it may be one, or is not read.

    Raises SourceError `E_ENCRYPTED`, `E_ARCHIVE` and what `reopened` raises.
    """
    if sample.data.startswith(PARQUET) and sample.compression == "none":
        return "parquet"
    if sample.data.startswith(AVRO):
        return "avro"
    if sample.data.startswith(OLE):
        return kind_of_compound(sample.data, sample.place)
    if sample.data.startswith(ZIP):
        with (
            reopened(sample, settings) as stream,
            open_archive(stream, sample.place) as archive,
        ):
            return kind_of_archive(archive)
    return None
