"""Back up the configuration of Prefect's server: blocks, variables, limits, pools, deployments,
automations. What has run lies in its database, which its own tools back up.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from ai_data_engineer.errors import SettingsError
from ai_data_engineer.io.addresses import scheme_of
from ai_data_engineer.settings import Settings, load_settings
from deployments.api import server_api
from deployments.recovery import backup_file
from deployments.recovery.backup_file import Backup
from deployments.recovery.configuration import Configuration, read_configuration
from deployments.recovery.hiding import secrets_in, without

SHORTEST_PASSPHRASE = 12


def backup(target: str | None = None, say: Callable[[str], None] = print) -> str:
    """Write a backup and return where it lies.

    Raises:
        ServerError: the server cannot be read.
        OutputError: the file cannot be written.
        SettingsError: the passphrase is too short to protect anything.
    """
    settings = load_settings()
    passphrase = passphrase_of(settings)
    with server_api() as api:
        # Before it is read: what changes meanwhile is newer than the backup.
        now = datetime.now(UTC)
        taken = as_backup(read_configuration(api), now)
    place = target or f"{folder_of(settings)}/ade-{now:%Y%m%dT%H%M%SZ}.zip"
    backup_file.write(taken, place, passphrase)
    counts = ", ".join(f"{len(s)} {name.replace('_', ' ')}" for name, s in taken.sections.items())
    say(f"{place}: {counts}")
    if taken.secrets and not passphrase:
        say(
            f"{len(taken.secrets)} secrets are left out; set ADE_BACKUP_PASSPHRASE to have them "
            "in the backup, encrypted."
        )
    return place


def as_backup(found: Configuration, created: datetime) -> Backup:
    """Return a server's configuration with its secrets taken out."""
    places = secrets_in(found.sections, found.declared)
    sections, hidden = without(found.sections, places)
    return Backup(created, sections, hidden)


def folder_of(settings: Settings) -> str:
    """Return where backups are put: a folder, or `s3://bucket/prefix`."""
    place = settings.backups or str(settings.home / "backups")
    return place.rstrip("/") if scheme_of(place) == "s3" else place


def passphrase_of(settings: Settings) -> str | None:
    """Return the passphrase, None where none is set; raises SettingsError for one too short."""
    if settings.backup_passphrase is None:
        return None
    passphrase = settings.backup_passphrase.get_secret_value()
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise SettingsError(
            f"It has fewer than {SHORTEST_PASSPHRASE} characters.",
            location="ADE_BACKUP_PASSPHRASE",
            hint="Take five words at random, or the output of `openssl rand -base64 24`.",
        )
    return passphrase
