"""Bring the configuration of a backup onto a server, one that is new or the one it came from.

It may be run again: what is as in the backup is left alone. What was changed on the server after
the backup stays, unless forced; what the backup does not know is never removed.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from ai_data_engineer.errors import AdeError
from ai_data_engineer.settings import load_settings
from deployments.api import Api, server_api
from deployments.recovery import backup_file
from deployments.recovery.backup import passphrase_of
from deployments.recovery.backup_file import Backup
from deployments.recovery.configuration import Configuration, read_configuration
from deployments.recovery.hiding import HIDDEN, hidden_in, pruned, value_at, with_secrets
from deployments.recovery.putting import PUT, Putter
from deployments.recovery.references import named_in

Action = Literal["create", "update", "unchanged", "kept", "failed"]

SECTIONS = {
    "blocks": "block",
    "variables": "variable",
    "limits": "limit",
    "tag_limits": "tag limit",
    "work_pools": "work pool",
    "deployments": "deployment",
    "automations": "automation",
}
"""In this order: each may refer to what comes before it."""


@dataclass(frozen=True)
class Change:
    """What becomes of one thing."""

    action: Action
    section: str
    name: str
    why: str = ""
    wants: tuple[str, ...] = ()
    """Fields that a person has to fill in: their secrets are not to be had."""

    def __str__(self) -> str:
        told = f"{self.action:>9}  {SECTIONS[self.section]} {self.name}"
        return f"{told}: {self.why}" if self.why else told


def restore(
    source: str,
    *,
    dry_run: bool = False,
    force: bool = False,
    paused: bool = False,
    say: Callable[[str], None] = print,
) -> int:
    """Restore a backup and say what changed; returns 1 when something could not be restored.

    Raises:
        AdeError: `E_BACKUP`, the file is no backup, damaged, or of a later version.
        SettingsError: the passphrase is not the one that the secrets were sealed with.
        ServerError: the server does not answer.
    """
    backup = backup_file.read(source, passphrase_of(load_settings()))
    if paused:
        pause(backup)
    with server_api() as api:
        changes = list(apply(backup, api, dry_run=dry_run, force=force))
    for change in changes:
        if change.action != "unchanged":
            say(str(change))
    unchanged = sum(change.action == "unchanged" for change in changes)
    say(f"{unchanged} of {len(changes)} as in the backup of {backup.created:%Y-%m-%d %H:%M} UTC")
    if wanting := [change for change in changes if change.wants]:
        say(
            "Set ADE_BACKUP_PASSPHRASE and restore again to fill in, or fill in by hand:"
            if backup.are_sealed
            else "The backup holds no secrets. Fill in by hand:"
        )
        for change in wanting:
            say(f"           {SECTIONS[change.section]} {change.name}: {', '.join(change.wants)}")
    if dry_run:
        say("Nothing was changed: this was a dry run.")
    return 1 if any(change.action == "failed" for change in changes) else 0


def pause(backup: Backup) -> None:
    """Have nothing start by itself: schedules inactive, automations off."""
    for deployment in backup.sections.get("deployments", {}).values():
        for schedule in deployment["schedules"]:
            schedule["active"] = False
    for automation in backup.sections.get("automations", {}).values():
        automation["enabled"] = False


def apply(backup: Backup, api: Api, *, dry_run: bool, force: bool) -> Iterator[Change]:
    """Yield what becomes of each thing in the backup, and make it so unless `dry_run`."""
    present = read_configuration(api)
    wanted = with_secrets(backup.sections, backup.secrets)
    putter = Putter(api, wanted, present.ids)
    for section in SECTIONS:
        entries = wanted.get(section, {})
        for name in _by_reference(section, entries):
            # Where only secrets are wanting on the server, filling them in overwrites nothing.
            bare = pruned(backup.sections[section][name])
            adds = bare == present.sections.get(section, {}).get(name)
            yield _one(
                section,
                name,
                entries[name],
                backup.created,
                present,
                putter,
                dry_run=dry_run,
                force=force or adds,
            )


def _one(
    section: str,
    name: str,
    entry: Any,
    created: datetime,
    present: Configuration,
    putter: Putter,
    *,
    dry_run: bool,
    force: bool,
) -> Change:
    there = present.sections.get(section, {}).get(name)
    filled = _filled(entry, there)
    wants = tuple(hidden_in(filled))
    # What is not known is no difference.
    if there is not None and pruned(filled) == there:
        return Change("unchanged", section, name)
    changed = present.updated.get(f"{section}/{name}", "")
    if there is not None and not force and changed and datetime.fromisoformat(changed) > created:
        why = (
            f"changed on {changed[:16].replace('T', ' ')}, after the backup; --force overwrites it"
        )
        return Change("kept", section, name, why)
    action: Action = "create" if there is None else "update"
    if not dry_run:
        try:
            PUT[section](putter, name, pruned(filled), there)
        except AdeError as error:
            return Change("failed", section, name, f"{error.message} {error.hint}".strip())
        except KeyError as error:
            why = f"it refers to {error.args[0]}, which could not be restored"
            return Change("failed", section, name, why)
    return Change(action, section, name, wants=wants)


def _filled(entry: Any, there: Any) -> Any:
    """Return the entry with what the server has where the backup hides a secret."""
    filled = copy.deepcopy(entry)

    def fill(value: Any, place: tuple[str | int, ...]) -> Any:
        match value:
            case dict():
                return {key: fill(item, (*place, key)) for key, item in value.items()}
            case list():
                return [fill(item, (*place, number)) for number, item in enumerate(value)]
        if value != HIDDEN:
            return value
        known = value_at(there, place)
        return HIDDEN if known is None else known

    return fill(filled, ())


def _by_reference(section: str, entries: dict[str, Any]) -> list[str]:
    """Return the names so that each comes after those that it refers to."""
    prefix = f"{SECTIONS[section]}:"
    ordered: dict[str, None] = {}
    entered: set[str] = set()

    def add(name: str) -> None:
        if name in entered or name not in entries:
            return
        entered.add(name)
        for other in sorted(named_in(entries[name])):
            if other.startswith(prefix):
                add(other.removeprefix(prefix))
        ordered[name] = None

    for name in sorted(entries):
        add(name)
    return list(ordered)
