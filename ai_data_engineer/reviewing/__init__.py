"""Review of a specification by a person: what they are shown, and what comes of their answer."""

from ai_data_engineer.reviewing.answer import Verdict, corrected
from ai_data_engineer.reviewing.shown import Shown, as_text

__all__ = ["Shown", "Verdict", "as_text", "corrected"]
