"""The command of a project: `run` and `check`."""

from __future__ import annotations

import argparse
import re
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from polars.exceptions import PanicException

from ai_data_engineer.errors import AdeError, SourceError
from ai_data_engineer.io.summary import summary
from ai_data_engineer.rendering.runtime.engines import ENGINES

Sources = Mapping[str, str]


def main(
    arguments: Sequence[str],
    *,
    name: str,
    sources: Sources,
    sample: Sources,
    run: Callable[..., dict[str, Any]],
    check: Callable[[Sources], None],
) -> int:
    """Run a command line; returns 0 done, 1 a critical expectation failed, 2 unusable input.

    Stopped by a signal it returns 128 and the signal's number, as a shell would.
    `sources` are the addresses by id, `sample` the bundled files. An error is one line on standard
    error.
    """
    options = _parser(name, sources).parse_args(arguments)
    stopping = _on_termination(_stop)
    try:
        chosen = _chosen(options.source, sources, sample if options.sample else None)
        if options.command == "check":
            check(chosen)
            print(f"{name}: {len(chosen)} of {len(chosen)} sources can be read.")
            return 0
        report = run(
            chosen, Path(options.output), options.engine, append_again=options.append_again
        )
    except AdeError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt as stopped:
        print(f"{name}: stopped; nothing was published.", file=sys.stderr)
        return 128 + (stopped.args[0] if stopped.args else signal.SIGINT)
    except (Exception, PanicException) as error:  # noqa: BLE001 - its text could quote cells
        print(f"{name}: {_said(error)}", file=sys.stderr)
        return 2
    finally:
        _on_termination(stopping)
    print(summary(report), end="")
    return 0


def _stop(number: int, _: object) -> None:
    """End as Ctrl-C does, with the work folder removed: that is how containers are stopped."""
    raise KeyboardInterrupt(number)


def _on_termination(handler: Any) -> Any:
    """Set what SIGTERM does and return what it did; only the main thread may."""
    if threading.current_thread() is not threading.main_thread():
        return None
    return signal.signal(signal.SIGTERM, handler)


def _said(error: BaseException) -> str:
    """Return what may be told of an unforeseen error: a secret that is not set, else its place."""
    if told := re.match(r"E_SETTING [A-Z][A-Z0-9_]*: [^\n]+", str(error)):
        return told[0]
    return f"E_INTERNAL {_place(error)}. This is a defect; please report it."


def _place(error: BaseException) -> str:
    """Return the type of an error and the line of this project that it came through last."""
    here = str(Path(__file__).parent)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith(here)]
    at = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"An unexpected {type(error).__name__}{at}"


def _parser(name: str, sources: Sources) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m {name}")
    commands = parser.add_subparsers(dest="command", required=True)
    parsers = {
        "run": commands.add_parser("run", help="read, transform, check and publish"),
        "check": commands.add_parser("check", help="say whether the sources can be read"),
    }
    for command in parsers.values():
        command.add_argument(
            "--source",
            action="append",
            default=[],
            metavar="[ID=]URI",
            help=f"read this instead; ids: {', '.join(sources)}",
        )
        command.add_argument("--sample", action="store_true", help="read the bundled sample")
    parsers["run"].add_argument(
        "--output", default="out", metavar="DIR", help="where the outputs go (default: out)"
    )
    parsers["run"].add_argument(
        "--engine", choices=ENGINES, default="polars", help="what computes it (default: polars)"
    )
    parsers["run"].add_argument(
        "--append-again",
        action="store_true",
        help="append a delivery although it was appended before",
    )
    return parser


def _chosen(given: Sequence[str], sources: Sources, sample: Sources | None) -> dict[str, str]:
    """Return the addresses to read: the spec's or the sample's, replaced where given."""
    chosen = dict(sources if sample is None else sample)
    for binding in given:
        source, separator, uri = binding.partition("=")
        if separator and source in sources and uri:
            chosen[source] = uri
        elif len(sources) == 1:
            chosen[next(iter(sources))] = binding
        else:
            raise SourceError(
                "It is not clear which source is meant.",
                code="E_UNKNOWN_SOURCE",
                hint=f"Write --source ID=ADDRESS with one of {', '.join(sources)}.",
            )
    return chosen
