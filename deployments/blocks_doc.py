"""Writes what each block takes into its page: `python -m deployments.blocks_doc`."""

from __future__ import annotations

import re
from pathlib import Path

from prefect.blocks.core import Block

from blocks.collection import TYPES

PAGE = Path(__file__).parent.parent / "docs/operations/security.md"
_PART = re.compile(r"(<!-- blocks: begin [^>]*-->\n).*?(<!-- blocks: end -->)", re.DOTALL)


def with_blocks(page: str) -> str:
    """Return the page with the part about blocks made anew."""
    text = "".join(_section(kind) for kind in TYPES)
    return _PART.sub(lambda part: f"{part[1]}{text}\n{part[2]}", page)


def _section(kind: type[Block]) -> str:
    about = " ".join((kind.get_description() or "").split())
    rows = "".join(
        f"| `{name}` | {' '.join((field.description or '').split())} |\n"
        for name, field in kind.model_fields.items()
        if not name.startswith("_")
    )
    return f"\n### {kind.get_block_type_name()}\n\n{about}\n\n| field | |\n|---|---|\n{rows}"


if __name__ == "__main__":
    PAGE.write_text(with_blocks(PAGE.read_text("utf-8")), encoding="utf-8")
