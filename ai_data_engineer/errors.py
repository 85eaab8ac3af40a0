"""Every error a user can meet: a code, what is wrong, where, and how to mend it.

Texts never hold a cell value, a key or a URL's credentials: name the place, not the content.
This module is copied into rendered projects, so it depends on nothing.
"""

from __future__ import annotations


class AdeError(Exception):
    """The root: `code` (`E_…`), `message` (what), `location` (where), `hint` (how to mend it)."""

    code = "E_INTERNAL"
    exit_code = 2

    def __init__(
        self, message: str, *, code: str | None = None, location: str = "", hint: str = ""
    ) -> None:
        self.code = code or type(self).code
        self.message = message
        self.location = location
        self.hint = hint
        super().__init__(str(self))

    def __str__(self) -> str:
        where = f"{self.location}: " if self.location else ""
        hint = f" {self.hint}" if self.hint else ""
        return on_one_line(f"{self.code} {where}{self.message}{hint}")

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions are pickled between processes; the default would call the class with one text.
        return (_rebuild, (type(self), self.code, self.message, self.location, self.hint))


def on_one_line(text: str) -> str:
    """Return text with line ends and control characters escaped: a terminal would obey them.

    Names of files and columns may hold any.
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _rebuild(cls: type[AdeError], code: str, message: str, location: str, hint: str) -> AdeError:
    return cls(message, code=code, location=location, hint=hint)


class SourceError(AdeError):
    """A source that cannot be read: missing, empty, too large, broken, of an unknown format."""

    code = "E_SOURCE"


class TransientError(AdeError):
    """What may pass by itself: network, 429, 5xx. Tasks retry these and no others."""

    code = "E_TRANSIENT"


class SilentError(TransientError):
    """The same where time was lost on no answer at all: asked again and again, it is lost again."""


class SpecError(AdeError):
    """A spec that cannot be read at all; what is wrong *inside* a spec is a finding."""

    code = "E_SPEC"


class SettingsError(AdeError):
    """A setting with a value that cannot be used."""

    code = "E_SETTING"


class OutputError(AdeError):
    """An output that cannot be written: no permission, no space, a path that climbs out."""

    code = "E_OUTPUT"


class ProviderError(AdeError):
    """A spec provider that cannot answer: refused key, blocked prompt, nonsense."""

    code = "E_PROVIDER"


class VerificationError(AdeError):
    """A rendered project that does not run or whose tests fail."""

    code = "E_VERIFICATION"
    exit_code = 1


class ExpectationError(AdeError):
    """A critical expectation failed; nothing was published."""

    code = "E_EXPECTATION"
    exit_code = 1
