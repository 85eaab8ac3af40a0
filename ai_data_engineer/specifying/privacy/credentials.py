"""Secrets: by the marks that services put on them, and by being too random to be anything else."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from ai_data_engineer.specifying.privacy.matches import Match

# Before each form stands what every such text holds: looking for that costs next to nothing. The
# forms are those that the services document for secret scanning.
_FORMS: Final = tuple(
    (sign, re.compile(form))
    for sign, form in (
        ("PRIVATE KEY", r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?(?s:.*?)"
                        r"(?:-----END [A-Z0-9 ]*-----|\Z)"),
        ("PuTTY", r"PuTTY-User-Key-File(?s:.*)"),
        ("AGE-SECRET", r"AGE-SECRET-KEY-1[A-Z0-9]{20,}"),
        ("A", r"\b(?:AKIA|ASIA|ABIA|ACCA|AROA|AIDA|AGPA|ANPA|ANVA)[A-Z0-9]{16}\b"),
        ("AIza", r"AIza[\w-]{30,}"),
        ("GOCSPX-", r"GOCSPX-[\w-]{20,}"),
        ("ya29.", r"ya29\.[\w.-]{20,}"),
        ("gh", r"\bgh[pousr]_[A-Za-z0-9]{20,}"),
        ("github_pat_", r"github_pat_\w{20,}"),
        ("gl", r"\bgl(?:pat|ptt|dt|rt|cbt|ft|soat|agent|oas|imt)-[\w.-]{18,}"),
        ("xox", r"\bxox[abeoprsd]-[\w-]{8,}"),
        ("xapp-", r"\bxapp-\d-[\w-]{10,}"),
        ("hooks", r"https://hooks\.slack\.com/[\w/-]+|"
                  r"https://[\w.]*webhook\.office\.com/[\w/@.-]+"),
        ("webhooks", r"https://\w*\.?discord(?:app)?\.com/api/webhooks/[\w/-]+"),
        ("_", r"\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{8,}|\bwhsec_[\w+/=]{16,}"),
        ("sk-", r"\bsk-[A-Za-z0-9_-]{20,}"),
        ("SG.", r"\bSG\.[\w-]{10,}\.[\w-]{10,}"),
        ("key-", r"\bkey-[0-9a-f]{32}\b"),
        ("-us", r"\b[0-9a-f]{32}-us\d{1,2}\b"),
        ("npm_", r"\bnpm_[A-Za-z0-9]{30,}"),
        ("pypi-", r"\bpypi-[\w-]{16,}"),
        ("rubygems_", r"\brubygems_[0-9a-f]{40,}"),
        ("dckr_", r"\bdckr_[a-z]{3}_[\w-]{20,}"),
        ("hf_", r"\bhf_[A-Za-z0-9]{30,}"),
        ("_v1_", r"\bdo[oprt]_v1_[0-9a-f]{32,}"),
        ("shp", r"\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
        ("sq0", r"\bsq0[a-z]{3}-[\w-]{22,}"),
        ("EAA", r"\bEAA[A-Za-z0-9_-]{30,}"),
        (":AA", r"\b\d{8,10}:AA[\w-]{30,}"),
        ("_", r"\b(?:lin_api|ntn|secret|glsa|glc|figd|sbp|pscale_tkn|pscale_pw|sntrys|sntryu|"
              r"shippo_"
              r"live|duffel_live|EZAK|dvc|r8|fo1|tfp|vercel|vca|rnd|phc|phx|re|nfp|pul|ops|dp)_"
              r"(?=\w*\d)[\w.=-]{20,}"),
        ("pat", r"\bpat[A-Za-z0-9]{14}\.[0-9a-f]{40,}"),
        ("dapi", r"\bdapi[0-9a-f]{32}"),
        ("ATATT3", r"\bATATT3[\w=-]{20,}"),
        ("hv", r"\bhv[sbr]\.[\w-]{20,}"),
        ("NRAK-", r"\bNRAK-[A-Z0-9]{20,}"),
        ("PMAK-", r"\bPMAK-[0-9a-f-]{30,}"),
        ("HRKU-", r"\bHRKU-[\w-]{20,}"),
        ("dp.", r"\bdp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{20,}"),
        (".eyJ", r"\b[ps]k\.eyJ[\w-]+\.[\w-]+"),
        ("eyJ", r"\beyJ[\w-]{8,}\.[\w-]{6,}(?:\.[\w-]*){0,3}"),
        ("sl.", r"\bsl\.[\w-]{60,}"),
        ("$2", r"\$2[abxy]\$\d\d\$[./A-Za-z0-9]{50,}"),
        ("$", r"\$(?:argon2(?:id|i|d)|[156]|pbkdf2[\w-]*|scrypt|y)\$[^\s\"']{12,}"),
        ("{", r"\{(?:SSHA|SHA|SMD5|MD5|CRYPT)(?:\d{3})?\}[A-Za-z0-9+/=]{16,}"),
        ("otpauth", r"otpauth://[^\s\"']+"),
        ("://", r"\b[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\s/:@\"'<>]*:[^\s@\"'<>]+@[^\s\"'<>]+"),
        ("=", r"(?i)\b(?:(?:server|data source|host|driver|endpoint|defaultendpointsprotocol|"
              r"accountname|user id|uid|user|database|initial catalog|port|dsn|"
              r"provider)=[^;\"'\n]*;"
              r"\s*)+[^\"'\n]*?\b(?:password|pwd|accountkey|"
              r"sharedaccesskey)=[^;\"'\s]+;?[^\"'\n]*"),
        ("=", r"(?i)\b(?:accountkey|sharedaccesskey|sig|x-amz-signature|x-amz-credential|"
              r"access_token|api_?key|client_secret|auth_token)=[A-Za-z0-9%+/=_.-]{8,}"),
        ("earer ", r"(?i)\bbearer [A-Za-z0-9._~+/=-]{8,}"),
        ("asic ", r"(?i)\bbasic [A-Za-z0-9+/]{8,}={0,2}(?![\w ])"),
        ("machine ", r"machine \S+ login \S+ password \S+"),
        ("ssh-", r"\bssh-(?:rsa|ed25519|dss) [A-Za-z0-9+/=]{20,}"),
        ("0x", r"\b0x[0-9a-fA-F]{40,}\b"),
        ("bc1", r"\bbc1[a-z0-9]{25,62}\b"),
    )
)  # fmt: skip

_TOKEN = re.compile(r"(?<![\w+/=.~-])[A-Za-z0-9+/_.~=-]{16,}")
_PIECE = re.compile(r"[A-Za-z0-9+/]{12,}={0,2}")
_UUID = re.compile(
    r"(?<![0-9a-fA-F-])[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}(?![0-9a-fA-F-])"
)
_RUNS = re.compile(r"\d+|[a-z]+|[A-Z]+")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_PASSWORD = re.compile(
    r"(?<!\S)(?=\S*[A-Za-z])(?=\S*\d)(?=\S*[!@$^&*~?|\\+=#;%])[^\s\"'`<>(){}\[\],]{7,64}(?![^\s,.;\"'`])"
)
_SYMBOLS = re.compile(r"(?<!\S)[!@#$%^&*()_+=~?{}\[\]|\\:;<>,./-]{8,}(?!\S)")
LEAST_BITS: Final = 3.0
"""Bits a character of a text that is too random for words: of 16 different hex digits, 4."""


def credentials(text: str) -> Iterator[Match]:
    """Yield secrets: keys and tokens of services, passwords in addresses, random texts."""
    for sign, form in _FORMS:
        if sign in text:
            for found in form.finditer(text):
                yield Match("credential", found.start(), found.end())
    for found in _UUID.finditer(text):
        yield Match("identifier", found.start(), found.end())
    for found in _TOKEN.finditer(text):
        if is_random(found[0]):
            yield Match("credential", found.start(), found.end())


def passwords(text: str) -> Iterator[Match]:
    """Yield words that mix letters, digits and signs as passwords do and hardly anything else."""
    for found in _PASSWORD.finditer(text):
        if looks_like_password(found[0]):
            yield Match("credential", found.start(), found.end())
    for found in _SYMBOLS.finditer(text):
        if len(set(found[0])) >= 5:
            yield Match("credential", found.start(), found.end())


def looks_like_password(word: str) -> bool:
    """Return whether a word without blanks mixes letters, digits and signs in no usual way."""
    return not _USUAL.fullmatch(word)


_USUAL = re.compile(
    # Figures with units and signs, fractions, formulas, comparisons: `+12%`, `x>=10`, `a=1&b=2`.
    r"[<>=~±+]*[-+]?[\d.,:/]+[%$€£°\w]{0,4}|\$?[\d.,]+[kKmMbB]?\+?|\w+[<>=!]=?[\w.]+|\?.*|#\w+"
    r"|[A-Za-z]+[#+]\d+|\d+[A-Za-z%]+\+?|\w+[?!;]|\w+=\w+(?:&\w+=\w+)*|[\w.]+[*+=][\w.]+"
    r"|\w+://\S*|[\w./-]+\?[\w=&%.-]*|[A-Za-z_]+@\d{1,4}|[A-Z&]+\d{1,3}"
)


def is_random(token: str) -> bool:
    """Return whether a text without blanks is too random to be words, dates or figures."""
    return any(map(_is_random, _PIECE.findall(token)))


def _is_random(piece: str) -> bool:
    core = piece.rstrip("=")
    if len(core) < 16:
        return False
    digits = sum(map(str.isdigit, core))
    if digits == len(core):
        return False
    runs = len(_RUNS.findall(core))
    if bits(core) < LEAST_BITS:
        return False
    if "/" in core and not digits and max(map(len, _WORDS.findall(core)), default=0) > 3:
        return False  # a path of words
    if not digits:
        # Words in camel case are long; random letters change their case all the time.
        return len(core) >= 20 and len(_WORDS.findall(core)) > len(core) / 3
    return digits >= 2 and runs >= max(5, len(core) / 5)


def bits(text: str) -> float:
    """Return Shannon's entropy in bits a character: -sum p log2 p over the characters."""
    total = len(text)
    return -sum(n / total * math.log2(n / total) for n in Counter(text).values())
