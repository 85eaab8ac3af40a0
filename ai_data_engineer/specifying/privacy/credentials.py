"""Secrets: by the marks that services put on them, and by being too random to be anything else."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from ai_data_engineer.profiling.vocabulary import word_set
from ai_data_engineer.specifying.privacy.matches import Match
from ai_data_engineer.specifying.privacy.words import common_words

# Before each form stands what every such text holds: looking for that costs next to nothing. The
# forms are those that the services document for secret scanning.
_FORMS: Final = tuple(
    (sign, re.compile(form))
    for sign, form in (
        ("PRIVATE KEY", r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----"
                        r"(?s:.{0,8000}?)(?:-----END [A-Z0-9 ]*-----|\n{4}|\Z)"),
        ("PuTTY", r"PuTTY-User-Key-File(?s:.*)"),
        ("AGE-SECRET", r"AGE-SECRET-KEY-1[A-Z0-9]{20,}"),
        *((p, rf"\b{p}[A-Z0-9]{{16}}\b") for p in
          ("AKIA", "ASIA", "ABIA", "ACCA", "AROA", "AIDA", "AGPA", "ANPA", "ANVA")),
        ("AIza", r"AIza[\w-]{30,}"),
        ("GOCSPX-", r"GOCSPX-[\w-]{20,}"),
        ("ya29.", r"ya29\.[\w.-]{20,}"),
        *((p, rf"\b{p}[A-Za-z0-9]{{20,}}") for p in ("ghp_", "gho_", "ghu_", "ghs_", "ghr_")),
        ("github_pat_", r"github_pat_\w{20,}"),
        *((p, rf"\b{p}[\w.-]{{18,}}") for p in
          ("glpat-", "glptt-", "gldt-", "glrt-", "glcbt-", "glft-", "glsoat-", "glagent-")),
        ("xox", r"\bxox[abeoprsd]-[\w-]{8,}"),
        ("xapp-", r"\bxapp-\d-[\w-]{10,}"),
        ("hooks", r"https://hooks\.slack\.com/[\w/-]+|"
                  r"https://[\w.]*webhook\.office\.com/[\w/@.-]+"),
        ("webhooks", r"https://\w*\.?discord(?:app)?\.com/api/webhooks/[\w/-]+"),
        *((p, rf"\b[srp]k{p}[A-Za-z0-9]{{8,}}") for p in ("_live_", "_test_")),
        ("whsec_", r"\bwhsec_[\w+/=]{16,}"),
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
        *((p, rf"\b{p}(?=\w*\d)[\w.=-]{{20,}}") for p in
          ("lin_api_", "ntn_", "secret_", "glsa_", "glc_", "figd_", "sbp_", "pscale_", "sntrys_",
           "sntryu_", "shippo_live_", "duffel_live_", "EZAK", "r8_", "vercel_", "rnd_", "phc_",
           "nfp_", "pul-")),
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
        ("://", r"\b(?:jdbc:)?[a-zA-Z][a-zA-Z0-9+.-]{1,20}://[^\s/:@\"'<>]*:[^\s@\"'<>]+@[^\s\"'<>]+"),
        *((p, r"(?i)\b(?:(?:server|data source|host|driver|endpoint|defaultendpointsprotocol|"
              r"accountname|user id|uid|user|database|initial catalog|port|dsn|provider)="
              r"[^;\"'\n]{0,200};\s*){1,12}[^\"'\n]{0,200}?\b(?:password|pwd|accountkey|"
              r"sharedaccesskey)=[^;\"'`\s]+(?:;[\w ]+=[^;\"'`\s]+)*;?")
          for p in ("password=", "pwd=", "accountkey=", "sharedaccesskey=")),
        *((p, rf"(?i){p}[A-Za-z0-9%+/=_.-]{{8,}}") for p in
          ("accountkey=", "sharedaccesskey=", "sig=", "x-amz-signature=", "x-amz-credential=",
           "access_token=", "api_key=", "apikey=", "client_secret=", "auth_token=")),
        ("bearer ", r"(?i)(?:\bauthorization: ?)?\bbearer [A-Za-z0-9._~+/=-]{8,}"),
        ("basic ", r"(?i)(?:\bauthorization: ?)?\bbasic [A-Za-z0-9+/]{8,}={0,2}(?![\w ])"),
        ("machine ", r"machine \S+ login \S+ password \S+"),
        ("ssh-", r"\bssh-(?:rsa|ed25519|dss) [A-Za-z0-9+/=]{20,}"),
        ("0x", r"\b0x[0-9a-fA-F]{40,}\b"),
        ("bc1", r"\bbc1[a-z0-9]{25,62}\b"),
    )
)  # fmt: skip

_TOKEN = re.compile(r"(?<![\w+/=.~-])[A-Za-z0-9+/_.~=-]{16,}")
_PIECE = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")
_AWS_SECRET = re.compile(
    r"(?<![A-Za-z0-9/+=])(?=[^\s]{0,39}[a-z])(?=[^\s]{0,39}[A-Z])(?=[^\s]{0,39}[0-9])[A-Za-z0-9/+=]{40}(?![A-Za-z0-9/+=])"
)
_PRODUCT_KEY = re.compile(
    r"(?<![A-Z0-9-])(?=[A-Z-]{0,30}\d)(?=[\d-]{0,30}[A-Z])(?:[A-Z0-9]{4,6}-){3,}[A-Z0-9]{4,6}(?![A-Z0-9-])"
)
_MNEMONIC = re.compile(r"(?<!\w)[a-z]{3,8}(?: [a-z]{3,8}){11,}(?!\w)")
_FUNCTION_WORDS = word_set(
    "all and are been but did does each for from had has have how into not only per than that "
    "the their then there this was were what when where which who with "
)
"""None of them is among the 2,048 words that wallets are written down in (BIP-39)."""
_RUN_OF_WORDS = re.compile(
    rf"(?<!\w)(?!(?:{'|'.join(sorted(_FUNCTION_WORDS))})\b)\w+"
    rf"(?: (?!(?:{'|'.join(sorted(_FUNCTION_WORDS))})\b)\w+)*"
)
_UUID = re.compile(
    r"(?<![0-9a-fA-F-])[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}(?![0-9a-fA-F-])"
)
_WITHIN: Final = (
    ("credential", 40, _AWS_SECRET),
    ("credential", 19, _PRODUCT_KEY),
    ("identifier", 36, _UUID),
)
"""Forms of long texts without blanks, and how long they are at least."""
_WALLET: Final = 12
"""Fewest words that a wallet is written down in."""
_WALLET_AND_MORE: Final = 30
"""The most, with what may stand around them."""
_RUNS = re.compile(r"\d+|[a-z]+|[A-Z]+")
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_PASSWORD = re.compile(
    r"(?<![^\s\"'`])(?=[^\s\"'`]{0,64}[A-Za-z])(?=[^\s\"'`]{0,64}\d)"
    r"(?=[^\s\"'`]{0,64}[!@$^&*~?|\\+=#%])"
    r"[^\s\"'`<>(){}\[\],]{7,64}(?![^\s,.;\"'`])"
)
_SYMBOLS = re.compile(r"(?<![^\s\"'`])[!@#$%^&*()_+=~?{}\[\]|\\:;<>,./-]{8,}(?![^\s\"'`])")
LEAST_BITS: Final = 3.0
"""Bits a character of a text that is too random for words: of 16 different hex digits, 4."""


def credentials(text: str) -> Iterator[Match]:
    """Yield secrets: keys and tokens of services, passwords in addresses, random texts."""
    lower = text.lower()
    for sign, form in _FORMS:
        if sign in text or (sign[0] != "-" and sign in lower):
            for found in form.finditer(text):
                yield Match("credential", found.start(), _end(found))
    if text.count(" ") >= _WALLET - 1:
        for found in _MNEMONIC.finditer(text):
            for run in _RUN_OF_WORDS.finditer(found[0]):
                if _is_wallet(run[0].split(" ")):
                    start = found.start() + run.start()
                    yield Match("credential", start, start + len(run[0]))
    for found in _TOKEN.finditer(text):
        token, start = found[0], found.start()
        if is_random(token):
            yield Match("credential", start, found.end())
            continue
        for kind, least, pattern in _WITHIN:
            if len(token) >= least and (part := pattern.search(token)):
                yield Match(kind, start + part.start(), start + part.end())


def _is_wallet(words: list[str]) -> bool:
    """Return whether words are those of a wallet: 12 to 24, few of them twice or of tables."""
    if not _WALLET <= len(words) <= _WALLET_AND_MORE:
        return False
    of_tables = sum(word in common_words() for word in words)
    return len(set(words)) >= 0.75 * len(words) and of_tables < 0.5 * len(words)


def _end(found: re.Match[str]) -> int:
    """Return where a secret ends: the comma or full stop behind it is of the sentence."""
    return found.start() + len(found[0].rstrip(",.;:"))


def passwords(text: str) -> Iterator[Match]:
    """Yield words that mix letters, digits and signs as passwords do and hardly anything else."""
    for found in _PASSWORD.finditer(text):
        if looks_like_password(found[0]):
            yield Match("credential", found.start(), found.end())
    for found in _SYMBOLS.finditer(text):
        if len(set(found[0])) >= 5:
            yield Match("credential", found.start(), _end(found))


def looks_like_password(word: str) -> bool:
    """Return whether a word without blanks mixes letters, digits and signs in no usual way."""
    return not _USUAL.fullmatch(word)


_USUAL = re.compile(
    # Figures with units and signs, fractions, formulas, comparisons: `+12%`, `x>=10`, `a=1&b=2`.
    r"[<>=~±+]*[-+]?[\d.,:/]+[%$€£°\w]{0,4}|\$?[\d.,]+[kKmMbB]?\+?|\w+(?:[<>=]=?|!=)[\w.]+|\?.*|#\w+"
    r"|[A-Za-z]+[#+]\d+|\d+[A-Za-z%]+\+?|[A-Za-z_]+[?!;]|\w+=\w+(?:&\w+=\w+)*|[\w.]+[*+=][\w.]+"
    r"|\d{4}-\d\d-\d\d[T ][\d:.]+(?:Z|[+-][\d:]+)?|\w+://\S*|[\w./-]+\?[\w=&%.-]*|[A-Za-z_]+@\d{1,4}|[A-Z&]+\d{1,3}"
    # Patterns of files: `2024-*.csv`, `sales/2024-??/*.csv.gz`.
    r"|[\w.*?/-]+\.(?:csv|tsv|txt|ndjson|jsonl?|xml|xlsx?|ods|parquet|avro|orc)"
    r"(?:\.(?:gz|bz2|xz|zst|zip))?"
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
