"""Secrets under a passphrase: scrypt (RFC 7914) makes the key, AES-256-GCM encrypts with it."""

from __future__ import annotations

import base64
import json
import secrets
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from ai_data_engineer.errors import AdeError, SettingsError

VERSION = 1
_COST = {"n": 2**15, "r": 8, "p": 1}
"""32 MiB and about a tenth of a second for each guess."""
_HIGHEST_COST = 2**22
"""A file must not make who opens it run out of memory."""


def seal(value: Any, passphrase: str) -> dict[str, Any]:
    """Return the value encrypted, with a header that says how."""
    nonce = secrets.token_bytes(12)
    header = {
        "version": VERSION,
        "kdf": "scrypt",
        **_COST,
        "salt": _text(secrets.token_bytes(16)),
        "cipher": "AES-256-GCM",
        "nonce": _text(nonce),
    }
    plain = json.dumps(value, ensure_ascii=False).encode()
    # The header is authenticated too: nobody lowers the cost unseen.
    sealed = _cipher(header, passphrase).encrypt(nonce, plain, _canonical(header))
    return {**header, "sealed": _text(sealed)}


def unseal(document: dict[str, Any], passphrase: str) -> Any:
    """Return what was sealed; raises AdeError for another version or damage, SettingsError for a
    passphrase that is not the one.
    """
    header = {name: value for name, value in document.items() if name != "sealed"}
    try:
        if header["version"] != VERSION or header["n"] * header["r"] * header["p"] > _HIGHEST_COST:
            raise ValueError
        cipher = _cipher(header, passphrase)
        nonce, sealed = _bytes(header["nonce"]), _bytes(document["sealed"])
        plain = cipher.decrypt(nonce, sealed, _canonical(header))
    except InvalidTag:
        problem: AdeError = SettingsError(
            "The secrets in this backup do not open: this is not the passphrase that they were "
            "sealed with, or the file was changed.",
            location="ADE_BACKUP_PASSPHRASE",
            hint="Set the passphrase of then, or unset it to restore all but the secrets.",
        )
    except (KeyError, TypeError, ValueError):
        problem = AdeError(
            "The secrets in this backup are sealed in a way that this version does not know.",
            code="E_BACKUP",
            hint="Restore with the version that has written it.",
        )
    else:
        return json.loads(plain)
    raise problem


def _cipher(header: dict[str, Any], passphrase: str) -> AESGCM:
    kdf = Scrypt(_bytes(header["salt"]), length=32, n=header["n"], r=header["r"], p=header["p"])
    return AESGCM(kdf.derive(passphrase.encode()))


def _canonical(header: dict[str, Any]) -> bytes:
    return json.dumps(header, sort_keys=True).encode()


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
