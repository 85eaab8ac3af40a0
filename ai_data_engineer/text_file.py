"""Writing a text file whole or not at all."""

from __future__ import annotations

from pathlib import Path

from ai_data_engineer.errors import OutputError


def write_text(path: Path, text: str) -> None:
    """Write beside the target, then rename: a failure leaves no half-written file.

    Raises OutputError where it cannot be written.
    """
    if not path.name or path.is_dir():
        raise OutputError("This is a folder, not a file.", location=str(path), hint="Name a file.")
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise OutputError(f"It cannot be written ({error.strerror}).", location=str(path)) from None
