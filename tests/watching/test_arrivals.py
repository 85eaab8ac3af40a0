"""Each new file is told of exactly once, whatever happens to watchers."""

import os
import shutil
import threading

import pytest

from ai_data_engineer.errors import SourceError
from ai_data_engineer.stores.redis import RedisStore


def write(path, text="id\n1\n", at=None):
    path.write_text(text)
    if at is not None:
        os.utime(path, (at, at))
    return path


def test_a_file_is_told_of_once_with_address_size_and_goal(look, inbox, told):
    write(inbox / "a.csv")
    assert look().arrived == 1
    assert look().arrived == 0
    (arrival,) = told.sent
    assert (arrival.uri, arrival.size, arrival.goal) == (str(inbox / "a.csv"), 5, "clean")


def test_what_is_there_at_the_first_look_counts_only_when_asked_for(look, inbox, told):
    write(inbox / "old.csv")
    assert look(existing=False).known_from_now == 1
    write(inbox / "new.csv")
    look(existing=False)
    assert told.names == ["new.csv"]


def test_the_same_name_with_new_content_is_a_new_file(look, inbox, told):
    for at, text in enumerate(["id\n1\n", "id\n2\n", "id\n2\n3\n"]):
        write(inbox / "a.csv", text, at=1_700_000_000 + at)
        look()
    assert told.names == ["a.csv"] * 3
    assert len({a.id for a in told.sent}) == 3


def test_a_new_name_is_a_new_file(look, inbox, told):
    write(inbox / "a.csv")
    look()
    (inbox / "a.csv").rename(inbox / "b.csv")
    look()
    assert told.names == ["a.csv", "b.csv"]


def test_a_partial_file_is_told_of_when_it_gets_its_name(look, inbox, told):
    write(inbox / "a.csv.part")
    assert look(str(inbox)).arrived == 0
    (inbox / "a.csv.part").rename(inbox / "a.csv")
    look(str(inbox))
    assert told.names == ["a.csv"]


@pytest.mark.parametrize("name", [
    "a.csv.part", "a.csv.crdownload", "a.csv~", "~$a.csv", ".a.csv", "_SUCCESS", "a.tmp", "a.md5",
])  # fmt: skip
def test_names_of_what_is_not_whole_or_no_data_are_passed_over(look, inbox, told, name):
    write(inbox / name)
    look(str(inbox), ignore=["*.md5"])
    assert told.sent == []


def test_a_file_that_is_still_written_is_told_of_once_it_rests(look, inbox, told):
    path = write(inbox / "a.csv")

    def grow(seconds):
        with path.open("a") as file:
            file.write("more\n")

    assert look(meanwhile=grow).changing == 1
    assert told.sent == []
    look()
    assert [a.size for a in told.sent] == [10]


def test_a_file_that_goes_while_it_is_waited_for_is_not_told_of(look, inbox, told):
    path = write(inbox / "a.csv")
    look(meanwhile=lambda seconds: path.unlink())
    assert told.sent == []


def test_a_file_without_a_byte_waits_for_its_first(look, inbox, told):
    write(inbox / "a.csv", "")
    assert look().empty == 1
    write(inbox / "a.csv")
    look()
    assert told.names == ["a.csv"]


def test_a_watcher_killed_between_telling_and_remembering_is_made_up_for(look, inbox, told):
    write(inbox / "a.csv")
    told.is_killed_after_telling = True
    with pytest.raises(KeyboardInterrupt):
        look()
    told.is_killed_after_telling = False
    assert look().told_before == 1
    assert told.names == ["a.csv"]


def test_of_two_watchers_at_a_time_one_looks(look, inbox, told):
    write(inbox / "a.csv")
    results = []

    def look_too(seconds):
        other = threading.Thread(target=lambda: results.append(look()))
        other.start()
        other.join()

    assert look(meanwhile=look_too).arrived == 1
    assert results[0].busy == (f"{inbox}/*.csv",)
    assert told.names == ["a.csv"]


def test_a_watcher_that_remembers_nothing_tells_the_server_nothing_twice(
    look, inbox, told, tmp_path
):
    write(inbox / "a.csv")
    look()
    shutil.rmtree(tmp_path / "state")
    look()
    assert told.names == ["a.csv"]


def test_two_places_with_the_same_file_tell_of_it_once(look, inbox, told):
    write(inbox / "a.csv")
    look(str(inbox), f"{inbox}/*.csv")
    assert told.names == ["a.csv"]


def test_each_goal_is_told_for_itself(look, inbox, told):
    write(inbox / "a.csv")
    look(goal="sum")
    look(goal="count")
    assert sorted(a.goal for a in told.sent) == ["count", "sum"]


def test_a_disk_that_was_not_mounted_for_a_while_brings_no_new_files(look, inbox, told):
    write(inbox / "a.csv")
    look()
    inbox.rename(inbox.with_name("elsewhere"))
    inbox.mkdir()
    look()
    inbox.rmdir()
    inbox.with_name("elsewhere").rename(inbox)
    assert look().arrived == 0


def test_a_place_that_is_not_there_is_said_after_the_others_were_looked_at(look, inbox, told):
    write(inbox / "a.csv")
    with pytest.raises(SourceError, match=r"E_NOT_FOUND .*/nowhere: "):
        look(f"{inbox}/nowhere/*.csv", f"{inbox}/*.csv")
    assert told.names == ["a.csv"]


def test_machines_share_what_they_know_through_redis(look, inbox, told, redis_url, monkeypatch):
    import ai_data_engineer.watching.watch as module
    from ai_data_engineer.settings import load_settings
    from ai_data_engineer.watching.request import WatchRequest

    write(inbox / "a.csv")
    request = WatchRequest(places=[str(inbox)], existing=True, rest_seconds=0)
    for _ in range(2):
        store = RedisStore(redis_url, "ade")
        module.Watch(request, store, told, load_settings()).look()
        told.sent, kept = [], told.sent  # only the store can know
    assert kept == []
