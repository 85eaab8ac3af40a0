"""The `ade` command. The verbs but `generate`, `backup` and `restore` are the core alone."""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec

import typer
from rich.console import Console

from ai_data_engineer import __version__
from ai_data_engineer.errors import AdeError, SettingsError, SpecError, on_one_line
from ai_data_engineer.text_file import write_text

if TYPE_CHECKING:
    from ai_data_engineer.profiling.profile import FileProfile
    from ai_data_engineer.spec.findings import Finding
    from ai_data_engineer.spec.spec import PipelineSpec
    from ai_data_engineer.specifying.provenance import Provenance

P = ParamSpec("P")

app = typer.Typer(
    help="From a data file and a goal in plain words to a pipeline project that has already run.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
progress = Console(stderr=True, highlight=False)

Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="SOURCE",
        help="Path, quoted glob, s3:// or https:// address; may be repeated.",
    ),
]
SpecFile = Annotated[
    Path, typer.Argument(metavar="SPEC", help="A specification, such as spec.json.")
]
Bindings = Annotated[
    list[str],
    typer.Option(
        "--source",
        metavar="ID=URI",
        help="Read the source ID from URI instead of where the spec says; may be repeated.",
    ),
]
Goal = Annotated[
    str,
    typer.Option(
        metavar="TEXT",
        help="What you want, in plain words; without it the data is cleaned, typed and checked.",
    ),
]
Provider = Annotated[
    str,
    typer.Option(
        metavar="auto|offline|gemini|google-genai|openai|replay",
        help="Who writes the spec; auto takes Gemini where there is a key, else an "
        "OpenAI-compatible server that is set, else the offline planner.",
    ),
]
NoCache = Annotated[
    bool,
    typer.Option("--no-cache", help="Ask the model, also where the very same was asked before."),
]
Examples = Annotated[
    bool,
    typer.Option(
        "--examples",
        help="Show the model redacted examples of harmless columns besides names and types.",
    ),
]
JsonFile = Annotated[
    str,
    typer.Option(
        "--json",
        metavar="FILE",
        help="Write JSON to FILE; `-` is standard output and nothing else.",
    ),
]


def main() -> None:
    """Run the command; every failure is one line and an exit code."""
    app()


def verb(function: Callable[P, int | None]) -> Callable[P, None]:
    """Turn errors into one line on standard error and the right exit code."""

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            code = function(*args, **kwargs) or 0
        except AdeError as error:
            progress.print(str(error), markup=False, soft_wrap=True)
            code = error.exit_code
        except KeyboardInterrupt:
            progress.print("Stopped.")
            code = 130
        except BrokenPipeError:
            # The reader went away (`| head`); nothing is left to say.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            code = 0
        except (typer.Exit, typer.BadParameter, SystemExit):
            raise
        except BaseException as error:  # a panic of polars is no Exception
            if os.environ.get("ADE_DEBUG"):
                raise
            # The text of an unforeseen error may quote data, so only its kind is told.
            progress.print(
                f"E_INTERNAL {type(error).__name__}: this is a defect of ours. "
                "Set ADE_DEBUG=1 to see where, and please report it.",
                markup=False,
                soft_wrap=True,
            )
            code = 2
        raise typer.Exit(code)

    return run


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        typer.echo(__version__)
        raise typer.Exit


@app.command()
@verb
def profile(
    source: Annotated[
        str, typer.Argument(metavar="SOURCE", help="Path, quoted glob, s3:// or https:// address.")
    ],
    other: Annotated[
        str,
        typer.Argument(
            metavar="[OTHER]",
            help="A second one: say what changed. Either may be a profile written by --json.",
        ),
    ] = "",
    json_file: JsonFile = "",
    html_file: Annotated[
        Path | None,
        typer.Option(
            "--html",
            metavar="FILE",
            help="Write a report with charts to FILE, one page that works offline. SOURCE may then "
            "be a profile written by --json.",
        ),
    ] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Read every record, not only the first ones.")
    ] = False,
) -> int:
    """Measure a source: format, dialect, columns, types, keys, personal data.

    With a second source: what changed from the first to it. Exit 1 when a pipeline made for the
    first would refuse or misread the second.
    """
    if other:
        return _drift(source, other, json_file, html_file, full=full)
    found = _stored(source) if html_file else None
    if found is None:
        (found,) = _full_profiles([source]) if full else _profiles([source])
    if html_file:
        from ai_data_engineer.profiling.report_html import profile_page

        write_text(html_file, profile_page(found))
    if json_file:
        _write_json(found.to_dict(), json_file)
    elif not html_file:
        from ai_data_engineer.profiling.report_text import render

        console = _console()
        console.print(render(found, console.width))
    return 0


def _drift(before: str, after: str, json_file: str, html_file: Path | None, *, full: bool) -> int:
    from ai_data_engineer.profiling.drift import compare
    from ai_data_engineer.profiling.drift.report_text import render_drift

    profiles = _full_profiles if full else _profiles
    one, other = (_stored(uri) or profiles([uri])[0] for uri in (before, after))
    drift = compare(one, other)
    if html_file:
        from ai_data_engineer.profiling.report_html import drift_page

        write_text(html_file, drift_page(one, other, drift))
    if json_file:
        _write_json(drift.to_dict(), json_file)
    elif not html_file:
        _console().print(render_drift(drift))
    return 1 if drift.severity == "critical" else 0


def _stored(path: str) -> FileProfile | None:
    from ai_data_engineer.profiling.stored import stored_profile

    return stored_profile(path)


def _console() -> Console:
    """Return what prints to standard output, wide enough where that is no terminal."""
    console = Console()
    if not console.is_terminal:
        console.width = 120
    return console


@app.command()
@verb
def specify(
    sources: Sources,
    goal: Goal = "",
    provider: Provider = "auto",
    output: Annotated[
        Path, typer.Option("-o", "--output", metavar="FILE", help="Where the spec goes.")
    ] = Path("spec.json"),
    no_cache: NoCache = False,
    examples: Examples = False,
) -> int:
    """Profile the sources and write a spec for the goal."""
    from ai_data_engineer.settings import load_settings
    from ai_data_engineer.specifying.author import choice
    from ai_data_engineer.specifying.loop import specify_valid

    # What is missing to ask a model is said before the sources are read.
    _say(choice(provider, load_settings()).why)
    specified, report = specify_valid(
        _profiles(sources), goal, provider=provider, use_cache=not no_cache, examples=examples
    )
    write_text(output, json.dumps(specified.document, indent=2, ensure_ascii=False) + "\n")
    provenance = specified.provenance
    count = len(specified.spec.steps)
    steps = "1 step" if count == 1 else f"{count} steps"
    _say(f"{output}: {steps}, written by {provenance.provider}")
    if specified.from_cache:
        _say("  The same was asked before: this is the answer of then; --no-cache asks anew.")
    elif provenance.asked:
        _say(f"  {_spent(provenance)}")
    if specified.problem:
        _say(f"  {specified.problem}")
    for earlier in specified.suggestions:
        _say(f"  Asked before of such a source: {earlier}")
    for assumption in specified.spec.assumptions:
        _say(f"  {assumption}")
    _tell(report.findings)
    return 0 if report.is_valid else 1


def _spent(provenance: Provenance) -> str:
    """Say what was asked for a spec and what it cost; a failure without figures costs at most …."""
    if provenance.asked[-1].provider == "replay":
        return "Requests: none; the answers are those on record."
    calls = sum(a.calls for a in provenance.asked)
    if calls == 0 and any(a.shared for a in provenance.asked):
        return "Requests: none; another run asked the same at the same time."
    if calls == 0:
        return "Requests: none"
    cost = ""
    if provenance.cost is not None:
        is_guess = any(a.cost and not a.input_tokens + a.output_tokens for a in provenance.asked)
        cost = f", {'at most ' if is_guess else ''}${provenance.cost:.4f}"
    return f"Requests: {calls}, {provenance.tokens:,} tokens{cost}"


@app.command()
@verb
def validate(spec: SpecFile, source: Bindings = [], json_file: JsonFile = "") -> int:  # noqa: B006
    """Check a spec in three gates: schema, rules, and a run on the sample."""
    from ai_data_engineer.validating import read_document, validate

    report = validate(read_document(spec), sources=_bindings(source))
    if json_file:
        _write_json(report.to_dict(), json_file)
    else:
        _tell(report.findings)
        if report.is_valid:
            _say(f"{spec}: valid")
    return 0 if report.is_valid else 1


@app.command()
@verb
def run(
    spec: SpecFile,
    output: Annotated[Path, typer.Option(metavar="DIR", help="Where the outputs go.")],
    source: Bindings = [],  # noqa: B006
    engine: Annotated[
        str, typer.Option(metavar="polars|duckdb|spark", help="What executes the spec.")
    ] = "polars",
    append_again: Annotated[
        bool, typer.Option("--append-again", help="Append a delivery that was appended before.")
    ] = False,
) -> int:
    """Execute a spec as it is: one file an output, `rejects.ndjson` and `run_report.json`."""
    from ai_data_engineer.rendering.execution import execute

    return execute(_valid_spec(spec, source), output, engine=engine, append_again=append_again)


@app.command()
@verb
def package(
    spec: SpecFile,
    output: Annotated[
        str,
        typer.Option("-o", "--output", metavar="FILE.zip", help="Where it goes: a path or s3://."),
    ],
    source: Bindings = [],  # noqa: B006
) -> None:
    """Render a spec as a project, run that on the sample, zip it."""
    from ai_data_engineer.packaging.bundle import package

    checked = _valid_spec(spec, source)
    _say("Rendering the project and running it on the sample")
    record = package(checked, _profiles([s.uri for s in checked.sources]), output)
    _say(f"{record.path}: sha256 {record.sha256}")


@app.command()
@verb
def generate(
    sources: Sources,
    goal: Goal = "",
    provider: Provider = "auto",
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE.zip",
            help="Where the bundle goes: a path or s3://; left out: ADE_BUNDLES, else ADE_HOME.",
        ),
    ] = None,
    no_cache: NoCache = False,
    examples: Examples = False,
) -> None:
    """Run the Prefect flow, from the source to the bundle."""
    import importlib

    from ai_data_engineer.requests import GenerateRequest
    from ai_data_engineer.specifying.job import Cancelled

    request = GenerateRequest.checked(
        sources=sources,
        goal=goal,
        provider=provider,
        output=output,
        show_examples=examples,
        use_cache=not no_cache,
    )
    _prepare_prefect()
    # By name: the core does not depend on the flows that are built on it.
    flow = importlib.import_module("flows.generate").generate_pipeline
    try:
        result = flow(request)
    except Exception as error:
        if type(error).__name__ in _STOPPED:
            raise Cancelled("The run was stopped in Prefect.") from None
        raise
    if result.fell_back_because:
        _say(f"The offline planner wrote the spec: {result.fell_back_because}")
    typer.echo(result.bundle)


_STOPPED = {"CancelledRun", "UnfinishedRun", "ObjectNotFound"}
"""What Prefect raises for a run that was cancelled before it began, or deleted."""
_SERVERLESS = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    # Without PREFECT_API_URL Prefect starts a server of its own, and 20 s are not always enough.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
}


@app.command()
@verb
def doctor() -> int:
    """Say what is configured, reachable and missing."""
    from ai_data_engineer.doctor import examine

    checks = examine()
    for check in checks:
        colour = {"ok": "green", "missing": "yellow", "broken": "red"}[check.state]
        mark = f"[{colour}]{check.state:>7}[/]"
        Console(highlight=False).print(f"{mark}  {check.name}: {check.detail}", soft_wrap=True)
    return 1 if any(check.state == "broken" for check in checks) else 0


@app.command()
@verb
def backup(
    output: Annotated[
        str,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Where it goes, a path or s3:// address; left out: ADE_BACKUPS, named after now.",
        ),
    ] = "",
) -> None:
    """Back up the configuration of Prefect's server; secrets only with ADE_BACKUP_PASSPHRASE."""
    import importlib

    _prepare_prefect()
    importlib.import_module("deployments.recovery.backup").backup(output or None, _say)


@app.command()
@verb
def restore(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A backup: path or s3:// address.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite what was changed after the backup, too.")
    ] = False,
    paused: Annotated[
        bool,
        typer.Option("--paused", help="Leave schedules inactive and automations off."),
    ] = False,
) -> int:
    """Restore a backup onto Prefect's server; may be run again.

    Exit 1 when something could not be restored.
    """
    import importlib

    _prepare_prefect()
    done = importlib.import_module("deployments.recovery.restore").restore(
        file, dry_run=dry_run, force=force, paused=paused, say=_say
    )
    return int(done)


def _prepare_prefect() -> None:
    """Set what Prefect needs to know before it is imported; raises SettingsError."""
    for name, value in _SERVERLESS.items():
        os.environ.setdefault(name, value)
    home = Path(os.environ.get("PREFECT_HOME", "~/.prefect")).expanduser()
    try:
        # Prefect makes the last folder only, and then waits for a server that cannot start.
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"PREFECT_HOME cannot be made ({error.strerror}).",
            location=str(home),
            hint="Set it to a folder that can be written.",
        ) from None


def _profiles(sources: list[str]) -> list[FileProfile]:
    from ai_data_engineer.profiling.profile_source import Measured, measure_source
    from ai_data_engineer.specifying.references import with_references

    measured: list[Measured] = []
    for uri in sources:
        with progress.status(f"Profiling {len(measured) + 1} of {len(sources)}"):
            measured.append(measure_source(uri))
    return with_references(measured)


def _full_profiles(sources: list[str]) -> list[FileProfile]:
    from ai_data_engineer.profiling import profile_source
    from ai_data_engineer.profiling.progress_text import told

    profiles: list[FileProfile] = []
    for uri in sources:
        with told(progress, f"Profiling {len(profiles) + 1} of {len(sources)}") as tell:
            profiles.append(profile_source(uri, mode="full", progress=tell))
    return profiles


def _valid_spec(path: Path, bindings: list[str]) -> PipelineSpec:
    """Read a spec and put the given sources in; raises SpecError with the findings told."""
    from ai_data_engineer.spec.spec import PipelineSpec
    from ai_data_engineer.validating import bind_sources, read_document, validate

    document = read_document(path)
    report = validate(document, sources=_bindings(bindings), data=False)
    if not report.is_valid:
        _tell(report.findings)
        error = SpecError(
            "The spec has findings.", location=str(path), hint="Mend them and run again."
        )
        error.exit_code = 1
        raise error
    return bind_sources(PipelineSpec.model_validate(document), _bindings(bindings))


def _bindings(options: list[str]) -> dict[str, str]:
    pairs = [option.partition("=") for option in options]
    for source_id, equals, uri in pairs:
        if not (source_id and equals and uri):
            raise typer.BadParameter(
                "use ID=URI, such as --source orders=data/orders.csv", param_hint="--source"
            )
    return {source_id: uri for source_id, _, uri in pairs}


def _tell(findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        place = finding.pointer or "/"
        text = f"{finding.severity} {finding.code} at {place}: {finding.message} {finding.hint}"
        _say(text.rstrip())


def _say(text: str) -> None:
    progress.print(on_one_line(text), markup=False, soft_wrap=True)


def _write_json(value: Any, target: str) -> None:
    text = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
    if target == "-":
        sys.stdout.write(text)
    else:
        write_text(Path(target), text)
