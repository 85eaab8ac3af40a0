"""Tell a server of our types of blocks: `python -m deployments.blocks`; safe to run again."""

from __future__ import annotations

import sys

from blocks.collection import TYPES


def register() -> list[str]:
    """Make or update all types on the server of PREFECT_API_URL; return their names."""
    for kind in TYPES:
        kind.register_type_and_schema()
    return [str(kind.get_block_type_slug()) for kind in TYPES]


def main() -> int:
    """Register and say what; returns the exit code."""
    try:
        names = register()
    except Exception as error:  # noqa: BLE001 - whatever ails the server; its text may say too much
        print(
            f"The server did not take the blocks ({type(error).__name__}): check PREFECT_API_URL, "
            "PREFECT_API_AUTH_STRING and the server's logs.",
            file=sys.stderr,
        )
        return 2
    print(f"{len(names)} types of blocks: {', '.join(names)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
