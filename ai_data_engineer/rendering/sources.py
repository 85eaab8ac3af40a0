"""`sources.py` of a project: for each source an explicit reader call and explicit conversions."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from ai_data_engineer.errors import SourceError
from ai_data_engineer.io.csv_header import HeaderError
from ai_data_engineer.io.csv_reader import read_csv
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.rendering.python_source import docstring, identifiers, render_python
from ai_data_engineer.sources.dialect import NATIVE, WORKBOOKS, Dialect, SheetLayout
from ai_data_engineer.spec.casting import is_missing, parse_text
from ai_data_engineer.spec.code import Code, code, col, join, lit
from ai_data_engineer.spec.dtypes import dtype
from ai_data_engineer.spec.plain_text import read_plainly
from ai_data_engineer.spec.spec import PipelineSpec, Source, SourceColumn

_READERS = {
    "csv": ("csv_reader", "read_csv"),
    "ndjson": ("json_reader", "read_ndjson"),
    "json": ("json_reader", "read_json"),
    "xml": ("xml_reader", "read_xml"),
    "parquet": ("parquet_reader", "read_parquet"),
    "fixed_width": ("fixed_width_reader", "read_fixed_width"),
    "avro": ("avro_reader", "read_avro"),
    **dict.fromkeys(WORKBOOKS, ("sheet_reader", "read_sheet")),
}
_SPOKEN = {
    "parquet": "Parquet",
    "avro": "Avro",
    "fixed_width": "fixed-width text",
    **dict.fromkeys(WORKBOOKS, "workbook"),
}


def render_sources(
    spec: PipelineSpec,
    package: str,
    profiles: Mapping[str, FileProfile] | None = None,
    samples: Mapping[str, bytes] | None = None,
    readers: str | None = None,
    tidied: bool = True,
) -> str:
    """Return `sources.py`; `readers` is the package of these, by default the project's own.

    `samples` are beginnings of the sources, by id: where one has the header that the spec tells,
    be it in another order, the project refuses a file with any other header.

    `profiles`, by source id, tell all columns of a delimited file where the spec names only some.
    """
    variables = source_variables(spec)
    known = profiles or {}
    return render_python(
        "sources.py.jinja",
        package,
        tidied=tidied,
        io=Code(readers or f"{package}.io"),
        readers=sorted({_reader(source) for source in spec.sources}),
        sources=[
            _source(s, variables[s.id], known.get(s.id), (samples or {}).get(s.id))
            for s in spec.sources
        ],
    )


def source_variables(spec: PipelineSpec) -> dict[str, Code]:
    """Return the name of each source's object in `sources.py`."""
    taken = ("Batch", "Conversion", "Field", "Source", "Iterator", "BinaryIO", "stream")
    readers = {name for _, name in _READERS.values()}
    functions = {f"read_{source.id}" for source in spec.sources}
    return identifiers((s.id for s in spec.sources), reserved={*taken, *readers, *functions})


def _reader(source: Source) -> tuple[Code, Code]:
    module, name = _READERS[source.format]
    return Code(module), Code(name)


def _source(
    source: Source, variable: Code, profile: FileProfile | None, sample: bytes | None
) -> dict[str, object]:
    by_address = source.format == "parquet"
    return {
        "id": lit(source.id),
        "variable": variable,
        "function": _function(variable),
        "parameter": Code("uri: str" if by_address else "stream: BinaryIO"),
        "takes": Code("read_address" if by_address else "read"),
        "docstring": docstring(_described(source)),
        "call": _call(source, profile, sample),
        "on_error": lit(source.on_error),
        "file_column": None if source.file_column is None else lit(source.file_column),
        "conversions": [
            *(_conversion(column, source, profile) for column in source.columns),
            *([] if source.file_column is None else [_file_conversion(source.file_column)]),
        ],
    }


def _function(variable: Code) -> Code:
    """Return the reading function's name; a source may be called `csv`, and `read_csv` is taken."""
    function = code("read_{variable}", variable=variable)
    taken = {reader for _, reader in _READERS.values()}
    return code("{function}_", function=function) if function in taken else function


def _described(source: Source) -> str:
    parts = [_SPOKEN.get(source.format, source.format.upper())]
    if source.encoding:
        parts.append(source.encoding)
    if source.record_path:
        parts.append(f"records at {source.record_path}")
    if source.sheet is not None:
        parts.append(f"sheet {source.sheet.name}")
    return f"Read {source.id}: {', '.join(parts)}."


def _call(source: Source, profile: FileProfile | None, sample: bytes | None) -> Code:
    _, reader = _reader(source)
    if source.format == "csv":
        arguments = _csv_arguments(source, profile, sample)
    elif source.format == "fixed_width":
        arguments = _fixed_width_arguments(source, profile)
    else:
        arguments = {"columns": _fields(source)}
        if source.format in WORKBOOKS:
            arguments |= _sheet_arguments(source)
        if source.format in ("json", "xml"):
            arguments["record_path"] = lit(source.record_path or "")
        if source.format in ("json", "ndjson"):
            arguments["encoding"] = lit(source.encoding or "utf-8")
    return code(
        "{reader}({first}, {arguments})",
        reader=reader,
        first=Code("uri" if source.format == "parquet" else "stream"),
        arguments=join(
            code("{name}={value}", name=Code(name), value=value)
            for name, value in arguments.items()
        ),
    )


def _csv_arguments(
    source: Source, profile: FileProfile | None, sample: bytes | None
) -> dict[str, Code]:
    """Return the dialect as arguments; what is the reader's own default is left out."""
    dialect = source.dialect or Dialect()
    names, found = zip(*_file_columns(source, profile), strict=True)
    if not any(found):
        found = names  # a spec written by hand gives columns the names that the file has
    options = {
        "columns": list(names),
        "encoding": source.encoding or "utf-8",
        "delimiter": dialect.delimiter,
        **_stated(dialect.csv_options(), Dialect().csv_options()),
    }
    if dialect.header_row is not None and sample and _tells_header(sample, options, list(found)):
        options["header"] = list(found)
    return {name: lit(value) for name, value in options.items()}


def _fixed_width_arguments(source: Source, profile: FileProfile | None) -> dict[str, Code]:
    """Return where the columns begin; what is the reader's own default is left out."""
    dialect = source.dialect or Dialect()
    names, found = zip(*_file_columns(source, profile), strict=True)
    options: dict[str, Any] = {
        "columns": list(names),
        "encoding": source.encoding or "utf-8",
        **_stated(dialect.fixed_width_options(), Dialect().fixed_width_options()),
    }
    if dialect.header_row is not None and profile is not None:
        options["header"] = list(found)
    return {name: lit(value) for name, value in options.items()}


def _sheet_arguments(source: Source) -> dict[str, Code]:
    """Return where the table lies; what is the reader's own default is left out."""
    layout = source.sheet or SheetLayout(name="Sheet1")
    stated = _stated(layout.model_dump(), SheetLayout(name=layout.name).model_dump())
    return {"sheet": lit(layout.name), **{k: lit(v) for k, v in stated.items()}}


def _stated(options: Mapping[str, Any], plain: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value != plain[name]}


def _tells_header(sample: bytes, options: Mapping[str, Any], header: list[str]) -> bool:
    """Whether the names of the spec are those of the header, in their order or another.

    In another order the file must be refused; a spec may also give columns names of its own.
    """
    try:
        next(read_csv(io.BytesIO(sample), **options, header=header), None)
    except HeaderError as error:
        return error.misplaced
    except SourceError:
        return False
    return True


def _file_columns(source: Source, profile: FileProfile | None) -> list[tuple[str, str]]:
    """Return name and name as found of all columns of a delimited file, in its order."""
    stated = [(c.name, c.source_name) for c in source.columns]
    if profile is None or profile.format != source.format or len(stated) >= len(profile.columns):
        return stated
    # The spec leaves columns out. Headers repeat names, so each is taken once, in order.
    waiting = list(stated)
    whole = []
    for column in profile.columns:
        found = column.source_name or column.name
        match = next((w for w in waiting if (w[1] or w[0]) == found), None)
        if match is not None:
            waiting.remove(match)
        whole.append((match[0] if match else column.name, column.source_name))
    return stated if waiting else whole


def _fields(source: Source) -> Code:
    fields = []
    for column in source.columns:
        path = column.path or (column.source_name or column.name,)
        nested = column.type.is_nested and source.format not in NATIVE
        fields.append(
            code(
                "Field({name}, {path}{dtype})",
                name=lit(column.name),
                path=lit(path),
                dtype=code(", {dtype}", dtype=dtype(column.type)) if nested else Code(""),
            )
        )
    return code("[{fields}]", fields=join(fields))


def _conversion(column: SourceColumn, source: Source, profile: FileProfile | None) -> Code:
    text = col(column.name)
    plainly = None
    if source.format in NATIVE:
        # Values come typed; only their width may differ.
        value = code("{c}.cast({to}, strict=False)", c=text, to=dtype(column.type))
        missing = code("{c}.is_null()", c=text)
    elif column.type.is_nested:
        value, missing = text, code("{c}.is_null()", c=text)
    else:
        value = parse_text(text, column.type, column.parse)
        missing = is_missing(text, column.parse)
        plainly = read_plainly(text, column.type, column.parse)
    return code(
        "{name}: Conversion(value={value}, missing={missing}, type_name={type}{required}{plainly})",
        name=lit(column.name),
        value=value,
        missing=missing,
        type=lit(str(column.type)),
        required=Code("" if column.nullable else ", required=True"),
        plainly=code(", plainly={plainly}", plainly=plainly) if plainly else Code(""),
    )


def _file_conversion(column: str) -> Code:
    return code(
        '{name}: Conversion(value={c}, missing={c}.is_null(), type_name="string")',
        name=lit(column),
        c=col(column),
    )


def profiles_by_source(
    spec: PipelineSpec, profiles: Sequence[FileProfile]
) -> dict[str, FileProfile]:
    """Return source id → its profile: told by address, else by the order."""
    by_uri = {profile.uri: profile for profile in profiles}
    found = {s.id: by_uri[s.uri] for s in spec.sources if s.uri in by_uri}
    if not found and len(profiles) == len(spec.sources):
        found = {s.id: p for s, p in zip(spec.sources, profiles, strict=True)}
    return found
