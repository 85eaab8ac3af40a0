import io
import logging
import logging.config
from pathlib import Path

import pytest
import yaml

from ai_data_engineer.errors import AdeError, SourceError
from tasks.redaction import STARS, Redact, guard_logs, redact, redacted, remember


@pytest.fixture
def log():
    logger, stream = logging.Logger("own"), io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(Redact())
    logger.addHandler(handler)
    logger.read = stream.getvalue
    return logger


def test_an_error_of_a_library_loses_its_text_its_cause_and_its_context():
    @redacted
    def convert():
        try:
            int("cell-value-4711")
        except ValueError as error:
            raise RuntimeError("while reading cell-value-4711") from error

    with pytest.raises(AdeError) as caught:
        convert()
    assert caught.value.code == "E_INTERNAL"
    assert "convert ended with a RuntimeError" in str(caught.value)
    assert caught.value.location.startswith("tests/tasks/test_redaction.py:")
    assert "4711" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_a_panic_of_polars_loses_its_text_too():
    import polars as pl

    @redacted
    def compute():
        raise pl.exceptions.PanicException("cell-value-4711")

    with pytest.raises(AdeError, match="compute ended with a PanicException") as caught:
        compute()
    assert "4711" not in str(caught.value)
    assert caught.value.__context__ is None


def test_our_own_error_passes_as_it_is_without_what_caused_it():
    @redacted
    def read():
        try:
            int("cell-value-4711")
        except ValueError as error:
            raise SourceError("It breaks off.", location="orders.csv") from error

    with pytest.raises(SourceError, match=r"E_SOURCE orders\.csv: It breaks off\.") as caught:
        read()
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_redacted_keeps_the_signature_that_prefect_reads():
    import inspect

    @redacted
    def profile(uri: str, rows: int = 3) -> str:
        return uri * rows

    assert profile("a", rows=2) == "aa"
    assert list(inspect.signature(profile).parameters) == ["uri", "rows"]


def test_a_stop_by_the_user_is_not_taken_for_an_error():
    @redacted
    def stop():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop()


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("key AIzaSyA1234567890abcdefghijklmnopqrstuv refused", "AIzaSyA1234567890"),
        ("GET https://ana:hunter22@host/x.csv", "hunter22"),
        ("GET https://host/x.csv?a=1&X-Amz-Signature=deadbeef42&b=2", "deadbeef42"),
        ("Authorization: Bearer abcdef.ghi-jkl", "abcdef.ghi"),
        ('{"api_key": "k-12345678"}', "k-12345678"),
        ("https://host/v1/models?key=abc12345", "abc12345"),
    ],
)
def test_what_has_the_shape_of_a_secret_is_starred(text, gone):
    assert gone not in redact(text)
    assert STARS in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "Wrote 3 files to /data/orders@2024/out.parquet",
        "s3://shop/orders.csv",
        "candidate key order_id of 500 rows",
        "https://example.org/x.csv?page=2",
    ],
)
def test_ordinary_text_stays(text):
    assert redact(text) == text


def test_a_known_secret_is_starred_in_messages_and_arguments(log):
    remember("correct horse battery")
    log.warning("using %s now", "correct horse battery")
    assert log.read() == f"using {STARS} now\n"


def test_a_secret_of_the_environment_is_starred(log, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI")
    log.warning("signed with wJalrXUtnFEMI")
    assert log.read() == f"signed with {STARS}\n"


def test_each_of_several_secrets_in_one_variable_is_starred(log, monkeypatch):
    monkeypatch.setenv("GEMINI_API_KEY", "first-key-01, second-key-02")
    log.warning("refused: second-key-02")
    assert log.read() == f"refused: {STARS}\n"


def test_a_traceback_shows_the_place_but_not_the_text_of_a_foreign_error(log):
    try:
        int("cell-value-4711")
    except ValueError:
        log.exception("It failed")
    assert "4711" not in log.read().replace('int("cell-value-4711")', "")
    assert "test_redaction.py" in log.read()
    assert "ValueError (its text is left out: it may quote data)" in log.read()


def test_bad_input_is_told_without_a_traceback(log):
    try:
        raise SourceError("It is empty.", code="E_EMPTY", location="a.csv")
    except SourceError as error:
        log.exception("Encountered %s", error)
    assert log.read() == "Encountered E_EMPTY a.csv: It is empty.\n"


def test_an_unforeseen_error_of_ours_keeps_its_traceback(log):
    try:
        raise AdeError("profile ended with a ValueError.")
    except AdeError:
        log.exception("It failed")
    assert "Traceback" in log.read()


def test_a_result_that_could_not_be_kept_is_one_line(log):
    try:
        raise OSError("http://store/?key=hunter2")
    except OSError:
        log.exception("An error was encountered while committing transaction 'ab12'")
    (line,) = log.read().splitlines()
    assert "The result could not be kept (OSError)" in line
    assert "hunter2" not in line


def test_of_an_error_within_a_line_only_its_kind_is_told(log):
    log.warning("%s in %s, and %s", OSError("hunter2"), "a.csv", SourceError("It is empty."))
    assert log.read() == "OSError in a.csv, and E_SOURCE It is empty.\n"


def test_the_result_of_a_run_that_could_not_be_kept_is_told_without_the_servers_words(log):
    log.warning(
        "Encountered an error while persisting result: %s Execution will continue, but the "
        "result has not been persisted",
        PermissionError("what the server said"),
    )
    (line,) = log.read().splitlines()
    assert line.startswith("The result could not be kept (PermissionError)")


def test_guarding_twice_adds_one_filter_to_each_handler():
    handler = logging.NullHandler()
    logging.getLogger("ade.test.guarded").addHandler(handler)
    guard_logs()
    guard_logs()
    assert [type(f) for f in handler.filters] == [Redact]


def test_the_logging_configuration_redacts_on_every_handler_and_loads():
    text = Path("deployments/logging.yml").read_text()
    handlers = yaml.safe_load(text)["handlers"]
    assert {"console", "api", "worker_api"} <= set(handlers)
    assert all(handler["filters"] == ["redact"] for handler in handlers.values())


def test_the_logging_configuration_is_prefects_own_but_for_the_filter_and_json():
    import prefect.logging

    theirs = yaml.safe_load((Path(prefect.logging.__file__).parent / "logging.yml").read_text())
    ours = yaml.safe_load(Path("deployments/logging.yml").read_text())
    assert ours.pop("filters") == {"redact": {"()": "tasks.redaction.Redact"}}
    for handler in ours["handlers"].values():
        del handler["filters"]
    for written_as_json in ("json", "debug"):
        assert ours["formatters"].pop(written_as_json) != theirs["formatters"].pop(written_as_json)
    assert ours["handlers"]["console"].pop("class") == "tasks.console.LastingConsoleHandler"
    del theirs["handlers"]["console"]["class"]
    assert ours == theirs
