"""When two questions are the very same. Similar is not the same: "above 100", "below 100"."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence

from ai_data_engineer.io.addresses import file_name
from ai_data_engineer.profiling.profile import FileProfile
from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.prompt import language_version, prompt_version

KEY_VERSION = "1"
_QUOTED_OR_BLANKS = re.compile(r"""("[^"]*"|'[^']*'|`[^`]*`|“[^”]*”|«[^»]*»)|\s+""")


def question_key(
    sources: Sequence[tuple[str, FileProfile]], goal: str, author: Author, *, examples: bool
) -> str:
    """Return a sha256 in hex of all that decides what a model is asked and may answer.

    Neither the folder or bucket that a source lies in is part of it nor what answers cost; the
    file's name is, for the spec's names come from it. `examples` is whether redacted values of
    cells are shown.
    """
    parts = {
        "key_version": KEY_VERSION,
        "goal": normalised(goal),
        "sources": [[source_id, _content(profile)] for source_id, profile in sources],
        "language": language_version(),
        "prompt": prompt_version(),
        "author": author.model_copy(update={"input_price": None, "output_price": None}).to_dict(),
        "examples": examples,
    }
    canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()


def normalised(goal: str) -> str:
    """Return the goal without what makes no difference: Unicode's forms (NFC), runs of white space.

    Case stays, for `Paid` and `paid` are two values, as do quoted blanks and the end's punctuation:
    "split it at ," and "matching ab?" mean theirs.
    """
    text = unicodedata.normalize("NFC", goal)
    return _QUOTED_OR_BLANKS.sub(lambda found: found[1] or " ", text).strip()


def _content(profile: FileProfile) -> str:
    return profile.model_copy(update={"uri": file_name(profile.uri)}).content_digest()
