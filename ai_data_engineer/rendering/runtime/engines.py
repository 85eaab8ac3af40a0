"""What computes a run: polars, or DuckDB or Spark by the scripts in `sql/`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from ai_data_engineer.errors import AdeError
from ai_data_engineer.rendering.runtime.accounting import AccountedRun
from ai_data_engineer.rendering.runtime.run import Run
from ai_data_engineer.rendering.runtime.sql_run import Engine, SqlRun, Tables

ENGINES = ("polars", "duckdb", "spark")
PACKAGES = {"duckdb": "duckdb", "spark": "pyspark"}
"""SQL engine → the package that it comes in."""


def start(name: str, output: Path, engine: str, tables: Tables) -> AccountedRun:
    """Return a run on an engine.

    Raises AdeError with `E_ENGINE` for an engine that there is not, that is not installed, or that
    cannot run this project.
    """
    if engine == "polars":
        return Run(name, output)
    if lacking := missing(engine):
        raise AdeError(
            f"The engine {engine} is not there: {lacking}.",
            code="E_ENGINE",
            hint=f'Install it: python -m pip install -e ".[{engine}]".'
            if engine in PACKAGES
            else "",
        )
    if refused := tables.refused.get(engine):
        raise AdeError(refused, code="E_ENGINE", hint="Use another engine.")
    return SqlRun(name, output, engine, tables, _starter(engine))


def missing(engine: str) -> str:
    """Return what an engine lacks here; empty when it can be used."""
    if engine not in ENGINES:
        return f"there are {', '.join(ENGINES)}"
    package = PACKAGES.get(engine)
    if package is not None and find_spec(package) is None:
        return f"the package `{package}` is not installed"
    if engine == "spark" and not _has_java():
        return "Java 17 or newer is not on the path, and neither JAVA_HOME nor SPARK_REMOTE is set"
    return ""


def _has_java() -> bool:
    """Say whether Spark finds Java; a Spark server elsewhere has its own."""
    return any(os.environ.get(name) for name in ("SPARK_REMOTE", "JAVA_HOME")) or bool(
        shutil.which("java")
    )


def _starter(engine: str) -> Callable[[Path], Engine]:
    """Return what starts a SQL engine; its package is imported only here."""
    if engine == "duckdb":
        from ai_data_engineer.rendering.runtime.duckdb_engine import DuckDBEngine

        return DuckDBEngine
    from ai_data_engineer.rendering.runtime.spark_engine import SparkEngine

    return SparkEngine
