"""Trees of source are made whatever other threads do."""

from __future__ import annotations

import ast
import gc
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from ai_data_engineer.spec.code_tree import code_tree

SOURCE = "\n".join(f"x = [({n} + (y * ({n} - z)))]" for n in range(40))


@pytest.fixture
def collecting() -> Iterator[None]:
    """Garbage is collected all the time, and lets other threads run meanwhile."""

    def let_others_run(*_: object) -> None:
        time.sleep(0.0002)

    before = gc.get_threshold()
    gc.callbacks.append(let_others_run)
    gc.set_threshold(50, 1000, 1000)
    yield
    gc.set_threshold(*before)
    gc.callbacks.remove(let_others_run)


def test_threads_do_not_disturb_each_other(collecting: None) -> None:
    with ThreadPoolExecutor(4) as pool:
        trees = list(pool.map(code_tree, [SOURCE] * 12))
    assert {len(tree.body) for tree in trees} == {40}
    assert all(isinstance(tree, ast.Module) for tree in trees)
