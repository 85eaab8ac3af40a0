import pytest

from deployments.api import _hint


@pytest.mark.parametrize(
    ("status", "path", "says"),
    [
        (401, "/block_documents/filter", "PREFECT_API_AUTH_STRING"),
        (500, "/block_documents/filter", "PREFECT_SERVER_ENCRYPTION_KEY"),
        (500, "/flows/filter", "the server's log"),
    ],
)
def test_an_error_of_the_server_names_the_setting_that_is_likely_to_be_wrong(status, path, says):
    assert says in _hint(status, path)
