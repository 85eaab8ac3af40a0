"""Faults while a run is under way, on a whole cluster, and what is left after them."""

from __future__ import annotations

import json
import re
import time
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.generate import generate

from .cluster import Cluster
from .processes import Process, wait_until

FINAL = {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}
PATIENCE = 300
"""Seconds; after 180 without a sign of life a run is called crashed (`automations.yaml`)."""


@dataclass
class Outcome:
    """What became of a run that met a fault."""

    fault: str
    state: str
    seconds: float
    """From the fault to the final state."""
    broken: list[str]
    """Bundles at their final place that are no whole bundle."""
    left: list[str]
    """Partial files and work folders that the run left behind; the next run is not harmed."""
    again: str
    """Final state of the same request, run again."""
    cached: list[str]
    """Stages that the run after it took from the cache."""
    bundle: bool
    """Whether the bundle of the run after it is whole."""


class Trials:
    """A cluster with one worker, and all that we bring to a server."""

    def __init__(self, folder: Path, *, servers: int = 2, **env: str) -> None:
        self.folder = folder
        self.work = folder / "work"
        self.work.mkdir(parents=True)
        self.bundles = folder / "out"
        self.bundles.mkdir()
        self._count = 0
        self._seen: set[Path] = set()
        self.cluster = Cluster(folder / "cluster", servers, TMPDIR=str(self.work), **env)
        self.worker: Process = self.cluster.worker()

    def start(self) -> None:
        self.cluster.start()
        self.cluster.run("deployments.objects")
        for deployment in self.cluster.ask("POST", "/deployments/filter"):
            if deployment["schedules"]:  # a trial runs when it says so
                self.cluster.ask("POST", f"/deployments/{deployment['id']}/pause_deployment")
        self.worker.start()
        found = self.cluster.ask("GET", "/deployments/name/generate/generate")
        self.deployment = found["id"]

    def remove(self) -> None:
        for process in self.processes():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.worker.kill()
        self.cluster.remove()

    def processes(self) -> list[psutil.Process]:
        """Return all processes of flows and their verification, orphans too."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if process.environ().get("TMPDIR", "").startswith(str(self.work)):
                    found.append(process)
        own = {p.pid for p in self._servers() if p.is_running()}
        return [p for p in found if p.pid not in own]

    def flow_processes(self) -> list[psutil.Process]:
        return [p for p in self.processes() if "prefect.engine" in _command(p)]

    def request(self, size: int = 30_000, *, place: Path | None = None) -> dict[str, Any]:
        """Return a request for a source that no trial had before."""
        self._count += 1
        source = self.folder / f"orders-{self._count}.csv"
        generate("csv", source, size + 997 * self._count)
        out = (place or self.bundles) / f"bundle-{self._count}.zip"
        goal = "total amount by country"
        return {"sources": [str(source)], "goal": goal, "output": str(out)}

    def submit(self, request: dict[str, Any], *, server: int | None = None) -> str:
        path = f"/deployments/{self.deployment}/create_flow_run"
        parameters = {"request": request}
        return str(self.cluster.ask("POST", path, server=server, parameters=parameters)["id"])

    def state(self, run: str, *, server: int | None = None) -> str:
        return str(self.cluster.ask("GET", f"/flow_runs/{run}", server=server)["state_type"])

    def until_final(self, run: str, seconds: float = PATIENCE) -> str:
        def final() -> str | None:
            with suppress(Exception):  # a server that is down is part of the trial
                state = self.state(run)
                return state if state in FINAL else None
            return None

        return wait_until(final, seconds, f"run {run} ends")

    def until_running(self, run: str) -> None:
        wait_until(lambda: self.state(run) == "RUNNING", PATIENCE, "the run begins")

    def until_profiling(self) -> None:
        """Wait until a source is received: its profile comes next.

        The log says so at once; on a busy machine the server hears of it after the profile's end.
        """
        before = self._received()
        wait_until(lambda: self._received() > before, PATIENCE, "the source is received")

    def _received(self) -> int:
        log = self.worker.log.read_text()
        return len(re.findall(r"'receive-\w+' - Finished in state Completed", log))

    def until_packaging(self, run: str) -> None:
        """Wait until the project is being run on its sample."""
        before = set(self.work.glob("ade-bundle-*"))

        def packaging() -> bool:
            if set(self.work.glob("ade-bundle-*")) - before:
                return True
            assert self.state(run) not in FINAL, "the run ended before"
            return False

        wait_until(packaging, PATIENCE, "the project is run")

    def newest_run(self) -> str:
        runs = self.cluster.ask(
            "POST", "/flow_runs/filter", sort="EXPECTED_START_TIME_DESC", limit=1
        )
        return str(runs[0]["id"])

    def stages(self, run: str) -> dict[str, str]:
        """Return stage → name of its state."""
        mine = {"flow_runs": {"id": {"any_": [run]}}}
        found = self.cluster.ask("POST", "/task_runs/filter", **mine)
        return {r["name"].rpartition("-")[0]: r["state_name"] for r in found}

    def outcome(self, fault: str, run: str, request: dict[str, Any], since: float) -> Outcome:
        """Wait for the run's end, run the same again, and look at what both left."""
        state = self.until_final(run)
        seconds = time.monotonic() - since
        wait_until(lambda: not self.flow_processes(), 60, "no process of the run is left")
        broken, left = self._broken(), self.left()
        if not self.worker.is_running():
            self.worker.start()
        second = self.submit(request)
        again = self.until_final(second)
        known = {"profile", "specify", "validate", "package"}
        stages = wait_until(lambda: _if_final(self.stages(second), known), 60, "its stages")
        cached = sorted(name for name, state in stages.items() if state == "Cached")
        out = Path(request["output"])
        return Outcome(
            fault, state, seconds, broken, left, again, cached, out.exists() and not _flaw(out)
        )

    def left(self) -> list[str]:
        """Return the kinds of what newly lies in folders of work and beside bundles."""
        places = {*self.work.iterdir(), *self.bundles.glob("*.partial")}
        new, self._seen = places - self._seen, places
        return sorted({re.sub(r"[-_]?[a-z0-9_]{8}$|bundle-\d+", "…", p.name) for p in new})

    def _broken(self) -> list[str]:
        return [f"{p.name}: {flaw}" for p in self.bundles.glob("*.zip") if (flaw := _flaw(p))]

    def _servers(self) -> Iterator[Process]:
        yield from self.cluster.servers
        yield self.cluster.background
        yield self.worker


def _if_final(stages: dict[str, str], known: set[str]) -> dict[str, str] | None:
    ended = {name for name, state in stages.items() if state in {"Completed", "Cached"}}
    return stages if known <= ended else None


def _command(process: psutil.Process) -> str:
    with suppress(psutil.Error):
        return " ".join(process.cmdline())
    return ""


def _flaw(bundle: Path) -> str | None:
    """Return what is wrong with a bundle, as somebody who unpacks it meets it."""
    try:
        with zipfile.ZipFile(bundle) as archive:
            if archive.testzip():
                return "a file is damaged"
            names = set(json.loads(archive.read("MANIFEST.json"))["sha256"])
            missing = names - set(archive.namelist())
            return f"{len(missing)} files are missing" if missing else None
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        return type(error).__name__
