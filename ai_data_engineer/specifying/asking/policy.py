"""What is done about each failure of a model: one row for each, read by `ask` and by people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from ai_data_engineer.specifying.author import Author
from ai_data_engineer.specifying.providers.protocol import Failure


class Change(StrEnum):
    """What is different when the question is put again."""

    NOTHING = "nothing"
    KEY = "the next key"
    NO_SCHEMA = "no schema"
    MORE_OUTPUT = "twice the tokens for the answer"


class Charge(StrEnum):
    """What a try without an answer costs in the ledgers."""

    NOTHING = "nothing"
    USAGE = "what the service counted, else all that was reserved"
    RESERVED = "all that was reserved"


@dataclass(frozen=True)
class Rule:
    """What becomes of a question after one kind of failure."""

    why: str
    """One sentence for the documentation."""
    again: int = 0
    """How often the question is put again for this reason; a fresh key comes on top."""
    waits: bool = False
    """Whether time may help: the server's `retry_after`, else 1, 2, 4, … seconds."""
    change: Change = Change.NOTHING
    key_aside: float = 0.0
    """Seconds for which every run tries other keys first; the server may ask for more."""
    trips: bool = False
    """Whether it counts for the breaker: it says that the service is down, not the question bad."""
    charge: Charge = Charge.NOTHING


RULES: Mapping[Failure, Rule] = {
    Failure.BUSY: Rule(
        "The quota of a key is used up for now: the next key is tried at once, and when all are "
        "used up it is waited for as long as the service says. It was not billed.",
        again=4,
        waits=True,
        change=Change.KEY,
        key_aside=30.0,
    ),
    Failure.UNAVAILABLE: Rule(
        "An overloaded service mostly comes back within seconds. Errors of the service's own are "
        "not billed.",
        again=4,
        waits=True,
        trips=True,
    ),
    Failure.TIMEOUT: Rule(
        "A second answer may be faster, but hardly a third. The service may have finished an "
        "answer that nobody read, and billed it.",
        again=1,
        waits=True,
        trips=True,
        charge=Charge.RESERVED,
    ),
    Failure.UNREACHABLE: Rule(
        "Networks recover. Without a connection nothing is billed.",
        again=3,
        waits=True,
        trips=True,
    ),
    Failure.BROKEN: Rule(
        "The request may have arrived, and its answer, which nobody read, may be billed.",
        again=2,
        waits=True,
        trips=True,
        charge=Charge.RESERVED,
    ),
    Failure.KEY_REFUSED: Rule(
        "Another key may do. The refused one comes last for ten minutes, for every run.",
        change=Change.KEY,
        key_aside=600.0,
    ),
    Failure.UNKNOWN_MODEL: Rule("A model that there is not does not come by asking again."),
    Failure.BAD_REQUEST: Rule(
        "Servers differ in the schemas that they take, and the rules in the prompt say the form "
        "as well: it is asked again without the schema. It was not billed.",
        again=1,
        change=Change.NO_SCHEMA,
    ),
    Failure.TRUNCATED: Rule(
        "Thoughts may have used up the tokens: it is asked once more with twice as many, as far "
        "as context and budget go. What was written is billed.",
        again=1,
        change=Change.MORE_OUTPUT,
        charge=Charge.USAGE,
    ),
    Failure.EMPTY: Rule(
        "Models now and then end an answer before it begins; asked once more they do not.",
        again=1,
        charge=Charge.USAGE,
    ),
    Failure.BLOCKED: Rule(
        "The same words would be refused again. What was read may be billed.", charge=Charge.USAGE
    ),
    Failure.UNREADABLE: Rule(
        "A page of a gateway in place of an answer mostly passes; behind it may be an answer that "
        "was billed.",
        again=2,
        waits=True,
        trips=True,
        charge=Charge.RESERVED,
    ),
    Failure.ENDLESS: Rule(
        "A model that repeats itself without end does so again, and has billed what it wrote.",
        charge=Charge.RESERVED,
    ),
    Failure.UNEXPECTED: Rule(
        "What nobody foresaw is not repeated, and counted as if it had been billed.",
        charge=Charge.RESERVED,
    ),
}


def hint(failure: Failure, author: Author) -> str:
    """Return what mends the failure where the provider does not say; an empty text: nothing."""
    service = "OPENAI" if author.provider == "openai" else "GEMINI"
    return {
        Failure.BUSY: "Try again later, or add keys of other projects.",
        Failure.UNAVAILABLE: "Try again later.",
        Failure.TIMEOUT: "Raise ADE_LLM_TIMEOUT, or take a faster model.",
        Failure.UNREACHABLE: f"Check the network and ADE_{service}_BASE_URL.",
        Failure.BROKEN: "Check the network.",
        Failure.KEY_REFUSED: f"Check {service}_API_KEY, or the keys in the block.",
        Failure.UNKNOWN_MODEL: f"Set ADE_{service}_MODEL to a current one.",
        Failure.BAD_REQUEST: f"Check that ADE_{service}_MODEL and ADE_LLM_MAX_OUTPUT_TOKENS fit.",
        Failure.TRUNCATED: "Raise ADE_LLM_MAX_OUTPUT_TOKENS, or ask for less in one pipeline.",
        Failure.EMPTY: f"Run it again, or set ADE_{service}_MODEL to another one.",
        Failure.BLOCKED: "Say the goal in other words.",
        Failure.UNREADABLE: f"Check what answers at ADE_{service}_BASE_URL.",
        Failure.ENDLESS: f"Run it again, or set ADE_{service}_MODEL to another one.",
        Failure.UNEXPECTED: "",
    }[failure]
