"""The syntax tree of Python source, for threads too."""

from __future__ import annotations

import ast
import threading

_ALONE = threading.Lock()


def code_tree(source: str) -> ast.Module:
    """Return the tree of a module; raises SyntaxError.

    One thread at a time: up to Python 3.11.7 the depth of a tree is counted in one place for all,
    and a collection of garbage meanwhile lets another thread in, whose count ends in a SystemError
    (python/cpython#106905).
    """
    with _ALONE:
        return ast.parse(source)
