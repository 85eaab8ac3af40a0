"""Work for a Dask worker that ends as work does in real life."""

import os
import signal
import time

from prefect import flow, task

from tasks.fanning_out import cluster, fan_out


@task(persist_result=False)
def end(how: str) -> str:
    if how.startswith("kill"):
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "hang":
        time.sleep(600)
    if how == "memory":
        raise MemoryError
    return how


def endings(works: list[str], seconds_each: float) -> dict[str, str]:
    """Return what became of each piece of work: its result, or how it was given up."""

    @flow
    def all_of_it():
        with cluster() as runner:
            return list(
                fan_out(
                    runner, end, works, lambda how: {"how": how},
                    seconds_each=seconds_each, is_cancelled=lambda: False,
                )
            )  # fmt: skip

    return {one.work: one.given_up or one.result for one in all_of_it()}
