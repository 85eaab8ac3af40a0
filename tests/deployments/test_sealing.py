"""Secrets under a passphrase."""

import pytest

from ai_data_engineer.errors import AdeError, SettingsError
from deployments.recovery.sealing import seal, unseal

PASSPHRASE = "correct horse battery staple"


def test_what_is_sealed_opens_with_its_passphrase():
    secrets = [[["blocks", "gemini"], ["AIza-one", "AIza-two"]]]

    assert unseal(seal(secrets, PASSPHRASE), PASSPHRASE) == secrets


def test_the_same_is_never_sealed_alike_twice():
    assert seal("x", PASSPHRASE)["sealed"] != seal("x", PASSPHRASE)["sealed"]


def test_another_passphrase_is_refused_with_a_way_out():
    with pytest.raises(SettingsError, match=r"not the passphrase.*unset it") as refused:
        unseal(seal("x", PASSPHRASE), "correct horse battery stable")

    assert refused.value.location == "ADE_BACKUP_PASSPHRASE"


@pytest.mark.parametrize(("name", "value"), [("sealed", "AAAA" * 8), ("n", 2)])
def test_what_was_changed_does_not_open(name, value):
    with pytest.raises(SettingsError, match="or the file was changed"):
        unseal({**seal("x", PASSPHRASE), name: value}, PASSPHRASE)


@pytest.mark.parametrize(("name", "value"), [("version", 2), ("n", 2**40), ("salt", "not base64")])
def test_a_later_form_and_one_that_would_eat_all_memory_are_refused(name, value):
    with pytest.raises(AdeError, match="this version does not know") as refused:
        unseal({**seal("x", PASSPHRASE), name: value}, PASSPHRASE)

    assert refused.value.code == "E_BACKUP"
