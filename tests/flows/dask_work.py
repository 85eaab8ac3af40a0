"""Work for a Dask worker that ends as work does in real life."""

import os
import signal
import time

from prefect import task


@task(persist_result=False)
def end(how: str) -> str:
    if how.startswith("kill"):
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "hang":
        time.sleep(600)
    if how == "memory":
        raise MemoryError
    return how
