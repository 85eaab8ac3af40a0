"""The real servers of the tests (`tests/services`), for benchmarks that need some.

Import it before them: something that we depend on installs a package `tests` of its own, which
would be found first.
"""

import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[1]

if "tests" not in sys.modules:
    ours = ModuleType("tests")
    ours.__path__ = [str(ROOT / "tests")]
    sys.modules["tests"] = ours
