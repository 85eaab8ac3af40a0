"""What in a text is personal data or a secret, whatever it stands in.

The patterns are our own, with check digits wherever a scheme has them; the schemes come from
python-stdnum, the plans of telephone numbers from phonenumbers. A text is looked through a few
times for what all kinds of a family have in common, and only what is found is judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from ai_data_engineer.specifying.privacy.contacts import contacts
from ai_data_engineer.specifying.privacy.credentials import credentials, passwords
from ai_data_engineer.specifying.privacy.in_context import in_context
from ai_data_engineer.specifying.privacy.matches import Match, apart
from ai_data_engineer.specifying.privacy.numbers import codes, numbers
from ai_data_engineer.specifying.privacy.people import people

# Of pieces that are equal the first kind is told: those with check digits come first.
_FAMILIES: Final[tuple[Callable[[str], Iterator[Match]], ...]] = (
    contacts, numbers, in_context, people, credentials, passwords, codes,
)  # fmt: skip


def find(text: str) -> list[Match]:
    """Return the pieces of a text that are personal data or secrets, in order, apart."""
    return apart(match for family in _FAMILIES for match in family(text))
