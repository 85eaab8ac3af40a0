"""Results of stages on S3, so that what one machine has done is a cache hit on the next.

`python -m deployments.results s3://bucket/prefix [--endpoint URL] [--name results]` saves Prefect's
own block for it, once for a server, and prints the setting that each worker wants.

No key goes into that block, which shows all it holds to whoever may read blocks. Results are not
what a person names: they are written with what the worker's environment or role allows.
"""

from __future__ import annotations

import argparse
import sys

from prefect.filesystems import RemoteFileSystem

from ai_data_engineer.errors import AdeError, SettingsError
from ai_data_engineer.io.addresses import has_credentials, scheme_of

_SECONDS = 2
"""How long the store may keep silent: s3fs asks five times, and all that is lost is the cache."""
SETTING = "PREFECT_DEFAULT_RESULT_STORAGE_BLOCK"


def save(address: str, endpoint: str | None = None, name: str = "results") -> str:
    """Save the block, or change it; returns the value of the setting that names it.

    Raises SettingsError for an address that is none of S3, or holds credentials.
    """
    if scheme_of(address) != "s3" or has_credentials(address):
        raise SettingsError(
            "Results are put on S3, and their address holds no credentials.",
            location="results",
            hint="Name it as s3://bucket/prefix; keys belong in the worker's environment.",
        )
    settings = {
        "use_listings_cache": False,
        "config_kwargs": {
            "connect_timeout": _SECONDS,
            "read_timeout": _SECONDS,
            "retries": {"mode": "standard", "total_max_attempts": 1},
        },
    }
    if endpoint:
        settings["endpoint_url"] = endpoint
    RemoteFileSystem(basepath=address, settings=settings).save(name, overwrite=True)
    return f"remote-file-system/{name}"


def main() -> int:
    """Save, print; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deployments.results", description=__doc__)
    parser.add_argument("address", help="s3://bucket/prefix")
    parser.add_argument("--endpoint", help="where another server than Amazon's answers")
    parser.add_argument("--name", default="results", help="name of the block")
    chosen = parser.parse_args()
    try:
        print(f"{SETTING}={save(chosen.address, chosen.endpoint, chosen.name)}")
    except AdeError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
