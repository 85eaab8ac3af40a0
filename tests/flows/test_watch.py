"""A look tells Prefect's server of a file, makes sure that it has the event, and remembers."""

import shutil

import pytest

pytestmark = [pytest.mark.server, pytest.mark.usefixtures("server", "home")]


def test_a_file_is_told_of_once_and_the_event_says_which(tmp_path):
    from ai_data_engineer.watching.request import WatchRequest
    from flows.watch import watch_places

    (tmp_path / "a.csv").write_text("id\n1\n")
    request = WatchRequest(places=[f"{tmp_path}/*.csv"], rest_seconds=0, existing=True)
    assert watch_places(request).arrived == 1
    assert watch_places(request).arrived == 0

    # Nothing is remembered, and the server has the event: it is not sent again.
    shutil.rmtree(tmp_path / "home" / "state")
    again = watch_places(request)
    assert (again.arrived, again.told_before) == (0, 1)
