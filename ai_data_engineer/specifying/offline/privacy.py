"""What must not be readable: `mask emails`, `hash customer id`, `remove personal data`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ai_data_engineer.specifying.offline.draft import Chain, Draft, NotPossible
from ai_data_engineer.specifying.offline.intents import Intent, Stage, listed
from ai_data_engineer.specifying.offline.phrases import meanings
from ai_data_engineer.specifying.offline.reader import Reader
from ai_data_engineer.specifying.offline.vocabulary import Field, Ref

_VERBS = meanings(
    {
        "mask": (
            "mask | masking | redact | obfuscate | hide | anonymise | anonymize | star out | "
            "blank out | censor | scramble | masked"
        ),
        "hash": (
            "hash | hashing | pseudonymise | pseudonymize | hashed | encrypt | tokenise | tokenize"
        ),
        "drop": (
            "remove | drop | strip | delete | without | exclude | strip out | get rid of | no | "
            "leave out | excluding"
        ),
    }
)
_PERSONAL = (
    "personal data | personal information | pii | personally identifiable information | sensitive "
    "data | sensitive information | private data | personal details | personal columns | pii "
    "columns | pii data | sensitive columns | personal fields | personal info | anything personal "
    "| private information | personal identifiers"
)
_CLASSES = meanings(
    {
        "email": "email | emails | e-mails | email addresses | mail addresses",
        "phone": "phone | phones | phone numbers | telephone numbers",
        "name": "names | people's names",
        "address": "addresses | home addresses",
        "birth_date": "birth dates | birthdays | dates of birth",
        "card": "credit cards | credit card numbers | card numbers",
        "iban": "ibans | bank accounts",
        "ip": "ip addresses | ips",
        "location": "locations",
        "credential": "passwords",
        "national_number": "social security numbers | ssns",
    }
)


@dataclass(frozen=True, kw_only=True)
class Protect(Intent):
    """Mask, hash or drop columns, or everything that was recognised as personal data."""

    how: str
    """mask, hash or drop."""
    columns: tuple[Ref, ...] = ()
    classes: tuple[str, ...] = ()
    """Classes of personal data; `*` means all."""

    stage: ClassVar[Stage] = Stage.PRIVACY

    @property
    def when(self) -> Stage:
        return Stage.COLUMNS if self.how == "drop" else Stage.PRIVACY

    @property
    def refs(self) -> tuple[Ref, ...]:
        return self.columns

    def apply(self, draft: Draft) -> str:
        done: list[str] = []
        for chain in draft.chains:
            names = self._names(chain)
            if self.how == "drop" and set(names) == set(chain.schema):
                raise NotPossible("no column would be left")
            if names:
                done.extend(protect(draft, chain, names, self.how, self.note))
        if not done:
            if self.columns:
                raise NotPossible(
                    f"{listed([c.name for c in self.columns])} cannot be found at this point"
                )
            if self.how == "drop" and any(
                c.pii for s in draft.schemas.values() for c in s.values()
            ):
                return "nothing to drop: the result holds no such data"
            raise NotPossible("no column was recognised as such personal data; name the columns")
        return "; ".join(dict.fromkeys(done))

    def _names(self, chain: Chain) -> list[str]:
        named = [name for ref in self.columns if (name := chain.find(ref))]
        found = [
            name
            for name, column in chain.schema.items()
            if column.pii and ("*" in self.classes or column.pii in self.classes)
        ]
        return list(dict.fromkeys([*named, *found]))


def protect(draft: Draft, chain: Chain, names: list[str], how: str, note: str) -> list[str]:
    """Add the steps that make columns unreadable; return what was done."""
    if how == "drop":
        draft.add(chain, "trim", "drop", note, columns=names)
        return [f"drops {listed(names)}"]
    if how == "hash":
        hashed = [n for n in names if chain.schema[n].type.name != "list"]
        draft.add(chain, "hash", "hash", note, columns=hashed)
        return [f"replaces {listed(hashed)} by their SHA-256"]
    done: list[str] = []
    emails = [n for n in names if chain.schema[n].type.name == "string" and _is_email(chain, n)]
    texts = [n for n in names if chain.schema[n].type.name == "string" and n not in emails]
    others = [n for n in names if chain.schema[n].type.name != "string"]
    for method, columns, what in (
        ("email", emails, "all of {} but the domain"),
        ("redact", texts, "{}"),
        ("null", others, "{}, which is emptied as it is no text"),
    ):
        if columns:
            draft.add(chain, "mask", "mask", note, columns=columns, method=method)
            done.append(f"masks {what.format(listed(columns))}")
    return done


def _is_email(chain: Chain, name: str) -> bool:
    profile = chain.profiles.get(name)
    return chain.schema[name].pii == "email" or (
        profile is not None and profile.semantic == "email"
    )


def read(r: Reader) -> Protect | None:
    """Take a wish to hide columns; `remove` only takes `personal data` here."""
    start = r.at
    verb = r.take(*_VERBS)
    if verb is None:
        return None
    how = _VERBS[verb]
    r.skip(("the", "all", "any", "every", "out", "columns", "with"))
    if r.take(_PERSONAL):
        r.take("columns | fields")
        return Protect(words=r.said(start), how=how, classes=("*",))
    if how == "drop":
        return None
    columns: list[Ref] = []
    classes: list[str] = []
    while True:
        here = r.at
        if (columns or classes) and not r.separator():
            break
        named = _class(r)
        column = None if named else r.column()
        if named:
            classes.append(named)
        elif column:
            columns.append(column)
        else:
            r.at = here
            break
    if not columns and not classes:
        return None
    return Protect(words=r.said(start), how=how, columns=tuple(columns), classes=tuple(classes))


def _class(r: Reader) -> str | None:
    """Take a kind of personal data, where columns of that kind are there and none has the name."""
    start = r.at
    r.skip(("the", "all", "any", "customer", "customers", "user", "people's"))
    phrase = r.take(*_CLASSES)
    if phrase is not None:
        kind = _CLASSES[phrase]

        def of_kind(field: Field) -> bool:
            return field.pii == kind

        if r.vocabulary.fields(of_kind):
            return kind
    r.at = start
    return None
