"""Which of the encodings without a mark a text is in, by the likelihood of its letters.

Each encoding turns the same bytes into other letters. Those of the right one are letters that one
language uses, as often as it uses them, small ones inside words, of one script in a word, and no
signs between letters. The likelihood of each reading is added up over the counts of single bytes
and of pairs, so that its cost does not grow with the text. Each word counts once: that a currency
stands in every line is no more evidence than that it stands in one.
"""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ai_data_engineer.profiling.encodings.letters import ENCODINGS, LETTERS

_MULTIBYTE = ("gb18030", "big5", "cp932", "euc_jp", "cp949")
_SIGNS = "’–“”„«»…°€£§·•‘—©®™²³½º¿¡\u00a0×µ±´ª¼¾‚‰†¢¥¹÷¬¶"
"""Signs that are met in texts of data, the most frequent first."""
_CLOSING = frozenset("’”»…°²³ºª™®©\u00a0–—·½¼¾¹´")
"""Signs that may stand behind a letter."""
_OPENING = frozenset("’“„«¿¡‘–—·£€§\u00a0")
"""Signs that may stand before a letter."""
_IMPOSSIBLE, _FOREIGN, _NEIGHBOUR = math.log(1e-7), math.log(2e-5), math.log(2e-3)
_WESTERN = "éüöäáóíèñçàôêâëïåøæßãúõ"
_SIGN_SHARE = 0.03
_CASE, _MIXED, _SIGN_IN_WORD, _TWO_ACCENTS, _AT_DIGIT = -4.0, -4.5, -3.5, -1.2, -4.5
"""Logarithms of how rare each is: a capital behind a small letter, two scripts in a word, a sign
between letters, two letters with accents in a row, a digit at a letter beyond ASCII."""
_LONE_CAPITAL = -2.5
"""Logarithm of how rare a capital beyond ASCII is that stands alone, as a sign would."""
# Signs before `@` end no character of several bytes.
_BYTE_WORD = re.compile(rb"[0-9@-\xff]+")
_NUMBER = re.compile(rb"[0-9]+")
_DIGITS_OF_TEXT = re.compile("[0-9]+")
_SHOWN = 64 * 1024
_SLACK = 0.6
"""What is multiplied to likelihoods before they are compared: letters do not come independently."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Guess:
    """An encoding, and the share that its reading has of all readings' likelihood."""

    name: str
    confidence: float


def guess_encoding(data: bytes) -> Guess:
    """Return the likeliest encoding of bytes beyond ASCII that are no UTF."""
    shown = data[:_SHOWN]
    words = {word for word in _BYTE_WORD.findall(shown) if not word.isascii()}
    scores = _single_byte_scores(words)
    for name in _MULTIBYTE:
        if decodes(shown, name):
            scores[name] = _multibyte_score(words, name)
    best = max(scores, key=lambda name: (scores[name], name))
    text = shown.decode(best, errors="replace")
    weights = {n: math.exp(_SLACK * (s - scores[best])) for n, s in scores.items()}
    others = sum(
        weight
        for name, weight in weights.items()
        if weight > 1e-4 and shown.decode(name, errors="replace") != text
    )
    # One or two letters say little about a language, however well they fit it.
    few = len(set(shown.translate(None, bytes(range(128)))))
    return Guess(best, min(1 / (1 + others), 1 - 0.4 / few))


def _single_byte_scores(words: set[bytes]) -> dict[str, float]:
    words = {_NUMBER.sub(b"0", word) for word in words}
    codes = np.frombuffer(b" " + b" ".join(sorted(words)) + b" ", dtype=np.uint8).astype(np.int64)
    letters = [word[0] for word in words if len(word) == 1]
    lone = np.bincount(letters, minlength=256).astype(np.float64)
    pairs = codes[:-1] * 256 + codes[1:]
    pairs = pairs[(codes[:-1] >= 128) | (codes[1:] >= 128)]
    together = np.bincount(pairs, minlength=65_536).reshape(256, 256).astype(np.float64)
    alone = np.bincount(codes, minlength=256).astype(np.float64)
    return {
        name: _table(name).score(alone, together, lone)
        for name in ENCODINGS
        if name not in _MULTIBYTE
    }


_DIGITS = np.array([48 <= code <= 57 for code in range(256)], dtype=np.float64)


@dataclass(frozen=True)
class _Table:
    """What the 256 bytes mean in an encoding, as vectors."""

    rarity: float
    letters: Floats
    """Logarithm of each byte's share, a row for each language; nought for ASCII."""
    lower: Floats
    upper: Floats
    latin: Floats
    other_script: Floats
    accents: Floats
    opening: Floats
    """Signs that may not stand behind a letter."""
    closing: Floats
    """Signs that may not stand before one."""
    beyond: Floats
    """Letters beyond ASCII."""

    def score(self, alone: Floats, together: Floats, lone: Floats) -> float:
        """Return the logarithm of the likelihood of the bytes counted, in the best language.

        `lone` counts those that are words by themselves.
        """
        letter = self.latin + self.other_script
        odd = (
            _CASE * (self.lower @ together @ self.upper)
            + _MIXED * (self.latin @ together @ self.other_script)
            + _MIXED * (self.other_script @ together @ self.latin)
            + _SIGN_IN_WORD * (letter @ together @ self.opening)
            + _SIGN_IN_WORD * (self.closing @ together @ letter)
            + _AT_DIGIT * (self.beyond @ together @ _DIGITS + _DIGITS @ together @ self.beyond)
            + _LONE_CAPITAL * (lone @ self.upper)
            + _TWO_ACCENTS * (self.accents @ together @ self.accents)
        )
        return float(np.max(self.letters @ alone) + odd - self.rarity)


@cache
def _table(name: str) -> _Table:
    rarity, languages = ENCODINGS[name]
    chars = [bytes([code]).decode(name, errors="replace") for code in range(256)]
    rows = []
    for language in languages.split():
        shares = _shares(language)
        rows.append([0.0 if c < "\x80" else _share(c, shares) for c in chars])
    is_letter = [c.isalpha() or c in "\u0e31\u0e34\u0e35\u0e36\u0e37" for c in chars]
    latin = [ok and ord(c) < 0x250 for ok, c in zip(is_letter, chars, strict=True)]
    return _Table(
        rarity=rarity,
        letters=np.array(rows),
        lower=_vector(c.islower() for c in chars),
        upper=_vector(c.isupper() and ord(c) > 127 for c in chars),
        latin=_vector(latin),
        other_script=_vector(ok and not w for ok, w in zip(is_letter, latin, strict=True)),
        beyond=_vector(ok and c > "\x7f" for ok, c in zip(is_letter, chars, strict=True)),
        accents=_vector(ok and ord(c) > 127 for ok, c in zip(latin, chars, strict=True)),
        opening=_vector(
            ord(c) > 127 and not ok and c not in _CLOSING and not "\u0e00" < c < "\u0e7f"
            for ok, c in zip(is_letter, chars, strict=True)
        ),
        closing=_vector(
            ord(c) > 127 and not ok and c not in _OPENING and not "\u0e00" < c < "\u0e7f"
            for ok, c in zip(is_letter, chars, strict=True)
        ),
    )  # fmt: skip


def _vector(flags: Iterable[bool]) -> Floats:
    return np.array(list(flags), dtype=np.float64)


@cache
def _shares(language: str) -> dict[str, float]:
    """Return the logarithm of each letter's share; the last is e⁴ times rarer than the first."""
    letters = list(dict.fromkeys(LETTERS[language].replace("\u0307", "")))
    weights = [math.exp(-4 * rank / max(len(letters), 8)) for rank in range(len(letters))]
    whole = sum(weights)
    return {c: math.log(0.96 * w / whole) for c, w in zip(letters, weights, strict=True)}


_SIGN_SHARES = {
    c: math.log(_SIGN_SHARE * math.exp(-rank / 12) / 12) for rank, c in enumerate(_SIGNS)
}


def _share(char: str, shares: dict[str, float]) -> float:
    if char in _SIGN_SHARES:
        return _SIGN_SHARES[char]
    small = char.lower().replace("\u0307", "")
    if small in shares:
        return shares[small] - (1.0 if char.isupper() else 0.0)
    if small in _WESTERN:
        return _NEIGHBOUR
    return _FOREIGN if char.isalpha() else _IMPOSSIBLE


_FREQUENT = {
    "gb18030": (("chinese", 0.45), (3755, 0.42), (3008, 0.02)),
    "big5": (("traditional", 0.45), (5401, 0.42), (7652, 0.02)),
    "cp932": (("japanese", 0.75), (2965, 0.15), (3390, 0.01)),
    "euc_jp": (("japanese", 0.75), (2965, 0.15), (3390, 0.01)),
    "cp949": (("korean", 0.60), (2350, 0.30), (4888, 0.005)),
}
"""Number and share of the frequent characters, of the first level of the standard, the second."""
_PUNCTUATION = frozenset(
    "\u3000、。，．：；？！（）「」『』【】〔〕・ー～〜％：－０１２３４５６７８９“”"
)
_BEYOND = bytes(range(128, 256))
_ASCII_END = 3.5
_MARK = math.log(0.05 / 30)


def decodes(data: bytes, name: str) -> bool:
    """Return whether the bytes, which may end inside a character, are text in an encoding."""
    try:
        codecs.getincrementaldecoder(name)().decode(data)
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _multibyte_score(words: set[bytes], name: str) -> float:
    """Return the logarithm of the likelihood of words in an encoding of several bytes."""
    # As with single bytes: words that differ by their numbers alone are one.
    decoded = {_DIGITS_OF_TEXT.sub("0", w.decode(name, errors="replace")) for w in words}
    text = " ".join(decoded)
    data = text.encode(name, errors="replace")
    rarity, language = ENCODINGS[name]
    (_, frequent), (first, first_share), (second, second_share) = _FREQUENT[name]
    known = set(LETTERS[language])
    logs = (
        math.log(frequent / len(known)),
        math.log(first_share / first),
        math.log(second_share / second),
    )
    # Bytes of ASCII that end a character would be letters without reason in the other readings.
    ends = len(data.translate(None, _BEYOND)) - len(text.encode("ascii", errors="ignore"))
    score = _ASCII_END * ends - rarity
    for char, count in Counter(text).items():
        if char < "\x80":
            continue
        if char in known:
            share = logs[0]
        elif char in _PUNCTUATION:
            share = _MARK
        else:
            share = _rank_share(char, name, logs)
        score += count * share
    return score


def _rank_share(char: str, name: str, logs: tuple[float, float, float]) -> float:
    """Return the logarithm of the share of a character by where the standard has its place."""
    code = char.encode(name, errors="replace")
    lead, is_japanese = code[0], name in ("cp932", "euc_jp")
    if len(code) != 2:
        return 2 * _FOREIGN if len(code) > 2 else _FOREIGN
    if name == "cp932":
        level = 1 if 0x88 <= lead <= 0x98 else 2 if 0x99 <= lead <= 0xEA else 0
    elif name == "euc_jp":
        level = 1 if 0xB0 <= lead <= 0xCF else 2 if 0xD0 <= lead <= 0xF4 else 0
    elif name == "big5":
        level = 1 if 0xA4 <= lead <= 0xC6 else 2 if 0xC9 <= lead <= 0xF9 else 0
    elif code[1] < 0xA1:
        return _FOREIGN - 2  # an extension
    elif name == "cp949":
        level = 1 if 0xB0 <= lead <= 0xC8 else 2 if 0xCA <= lead <= 0xFD else 0
    else:
        level = 1 if 0xB0 <= lead <= 0xD7 else 2 if 0xD8 <= lead <= 0xF7 else 0
    if not level and is_japanese and "\u3040" <= char <= "\u30ff":
        return logs[0]  # kana
    return logs[level] if level else _FOREIGN
