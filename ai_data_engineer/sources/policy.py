"""The source policy: which buckets, web servers and folders may be read.

The environment states one (ADE_ALLOWED_BUCKETS, ADE_ALLOWED_HOSTS, ADE_ALLOWED_FOLDERS). Another
one, such as that of a Prefect block, can narrow it but not widen it: both have to allow a source.
`check` is the guard of `ai_data_engineer.io`, which asks it before whatever is listed or opened.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import re
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Annotated
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, StringConstraints, ValidationError

from ai_data_engineer.document import Document
from ai_data_engineer.errors import OutputError, SettingsError, SourceError
from ai_data_engineer.io.addresses import local_path, redact, scheme_of
from ai_data_engineer.settings import NOTHING, Settings, absolute, host_name, load_settings

NARROWED = "ADE_SOURCE_POLICY"
"""Variable in which a process tells its children what narrows the policy, as JSON; not for people.
"""
BLOCK = "source-policy"
"""Name of the block that narrows the policy."""
_NAMED = 5
"""Entries that an error names."""


Entry = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1024)]
Host = Annotated[Entry, AfterValidator(host_name)]
Folder = Annotated[Entry, AfterValidator(absolute)]


class SourcePolicy(Document):
    """What may be read. An empty list allows all of its kind, `none` alone nothing of it."""

    buckets: tuple[Entry, ...] = ()
    """S3 buckets by their exact names; `bucket/prefix` allows what lies below that prefix."""
    hosts: tuple[Host, ...] = ()
    """Names of web servers, whatever their port; `*.example.com` stands for those below
    example.com."""
    folders: tuple[Folder, ...] = ()
    """Absolute folders with all below them, links and `..` resolved."""

    @classmethod
    def of(cls, settings: Settings) -> SourcePolicy:
        """Return the policy of the environment."""
        return cls(
            buckets=settings.allowed_buckets,
            hosts=settings.allowed_hosts,
            folders=settings.allowed_folders,
        )

    def limits(self, uri: str) -> tuple[str, tuple[str, ...]]:
        """Return the kind of an address, as in `buckets`, and what is allowed of it."""
        match scheme_of(uri):
            case "s3":
                return "buckets", self.buckets
            case "http" | "https":
                return "hosts", self.hosts
            case "" | "file":
                return "folders", self.folders
        return "", ()  # no reader takes another one

    def allows(self, uri: str) -> bool:
        """Return whether an address may be read; a glob, whether all that it can match may be.

        What a glob of this machine really matches is to be asked as well: it may be a link.
        """
        kind, entries = self.limits(uri)
        if not entries:
            return True
        allows = {"buckets": _is_in_bucket, "hosts": _is_on_host, "folders": _is_in_folder}[kind]
        return any(allows(uri, entry) for entry in entries if entry != NOTHING)


def check(uri: str) -> bool:
    """Return whether there are limits to such addresses.

    Raises SourceError `E_DENIED`, naming what may be read, for an address that a policy in force
    does not allow; and whatever the look-up of a policy raises.
    """
    found = [_check(policy, uri, block) for policy, block in in_force()]  # each has to allow it
    return any(found)


def check_with(settings: Settings, uri: str) -> None:
    """Raise SourceError `E_DENIED` for an address that these settings do not allow."""
    _check(SourcePolicy.of(settings), uri, "")


def check_output(target: str, settings: Settings) -> None:
    """Raise OutputError `E_DENIED` for a bundle's place that nobody who may only ask may choose.

    Where the folders that may be read are limited, or for an object the buckets, bundles lie where
    all of them are put (ADE_BUNDLES, else `bundles` in ADE_HOME) and nowhere else: who may not read
    what lies there may not write over it either.
    """
    on_s3 = scheme_of(target) == "s3"
    if not any(policy.folders or (on_s3 and policy.buckets) for policy, _ in in_force()):
        return
    place = settings.bundles or str(settings.home / "bundles")
    if on_s3 or scheme_of(place) == "s3":
        allowed = scheme_of(target) == scheme_of(place) and _is_in_bucket(target, place[5:])
    else:
        allowed = _is_in_folder(target, place)
    if not allowed:
        raise OutputError(
            "Bundles may not be put here.",
            code="E_DENIED",
            location=redact(target),
            hint=f"Leave the output empty, or name a file below {place}.",
        )


def in_force() -> tuple[tuple[SourcePolicy, str], ...]:
    """Return each policy that has to allow a source, and the name of the block it comes from.

    Raises SettingsError, and whatever the look-up of a policy raises.
    """
    for ask in _asked:
        module, _, name = ask.partition(":")
        getattr(importlib.import_module(module), name)()
    # Of the others not even the values are decoded: this is asked of every file.
    told = {name: os.environ[name] for name in os.environ if name.upper().startswith(_OURS)}
    return _stated(tuple(sorted(told.items())))


def ask_first(look_up: str) -> None:
    """Have a function (`module:name`) called before each source; it may `narrow` the policy.

    It is imported only then.
    """
    _asked[:] = [look_up]


_asked: list[str] = []
_OURS = ("ADE_ALLOWED_", NARROWED)


def narrow(policy: SourcePolicy | None) -> None:
    """Have this policy narrow that of the environment, here and in processes started from here."""
    if policy is None:
        os.environ.pop(NARROWED, None)
    else:
        os.environ[NARROWED] = policy.model_dump_json()


@lru_cache(maxsize=8)
def _stated(told: tuple[tuple[str, str], ...]) -> tuple[tuple[SourcePolicy, str], ...]:
    """Return the policies of these variables, which hold all that matters here."""
    environment = (SourcePolicy.of(load_settings()), "")
    if text := dict(told).get(NARROWED):
        with contextlib.suppress(ValidationError):
            return environment, (SourcePolicy.model_validate_json(text), BLOCK)
        raise SettingsError(f"{NARROWED} is not for people; unset it.")
    return (environment,)


def _check(policy: SourcePolicy, uri: str, block: str) -> bool:
    kind, entries = policy.limits(uri)
    if not policy.allows(uri):
        what = {"buckets": "bucket", "hosts": "web server", "folders": "folder"}[kind]
        named = [entry for entry in entries if entry != NOTHING]
        may = ", ".join(named[:_NAMED]) + (" and more" if named[_NAMED:] else "")
        where = f"`{kind}` of the block `{block}`" if block else f"ADE_ALLOWED_{kind.upper()}"
        raise SourceError(
            f"This {what} is not among those that may be read.",
            code="E_DENIED",
            location=redact(uri),
            hint=f"Allowed: {may or 'none'}. Whoever runs this can add it to {where}.",
        )
    return bool(entries)


def _is_in_bucket(uri: str, entry: str) -> bool:
    bucket, _, prefix = entry.removeprefix("s3://").strip("/").partition("/")
    named, _, key = uri.partition(":")[2].lstrip("/").partition("/")
    if named != bucket:
        return False
    if not prefix:
        return True
    # A library may take `a/../b` for `b`.
    if {".", ".."} & set(unquote(key).split("/")):
        return False
    return key == prefix or _before_magic(key).startswith(f"{prefix}/")


def _is_on_host(uri: str, entry: str) -> bool:
    try:
        host = _plain_host(urlsplit(uri).hostname or "")
    except ValueError:
        return False
    if "\\" in uri:  # what comes before it is the host for some, and the user for others
        return False
    allowed = _plain_host(entry)
    if allowed.startswith("*."):
        return host.endswith(allowed[1:]) and host != allowed[1:]
    return host == allowed


def _plain_host(host: str) -> str:
    name = host.lower().strip("[]").rstrip(".")
    with contextlib.suppress(UnicodeError):
        return name.encode("idna").decode()
    return name


def _is_in_folder(uri: str, entry: str) -> bool:
    try:
        path = local_path(uri)
        plain = _before_magic(str(path))
        if plain != str(path) and not path.exists():
            if ".." in PurePosixPath(str(path)[len(plain) :]).parts:
                return False
            path = Path(plain).parent if not plain.endswith("/") else Path(plain)
        return path.resolve().is_relative_to(Path(entry).expanduser().resolve())
    except (OSError, ValueError, RuntimeError):  # a NUL byte, a loop of links, the home of nobody
        return False


def _before_magic(text: str) -> str:
    """Return what of a glob is fixed."""
    return re.split(r"[*?\[]", text, maxsplit=1)[0]
