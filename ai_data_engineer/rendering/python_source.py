"""Python files from templates into which nothing but code can be spliced.

Three things must fail before a name from a file could run: a template takes only `Code`; the
result is parsed and its imports, names and attributes are held against what we write; and what is
written is the text that was checked, formatted.
"""

from __future__ import annotations

import ast
import builtins
import keyword
import subprocess
import textwrap
from collections.abc import Iterable
from functools import cache

import jinja2

from ai_data_engineer.spec.code import Code, lit
from ai_data_engineer.spec.code_tree import code_tree

_IMPORTS = frozenset(
    {"__future__", "argparse", "collections.abc", "datetime", "decimal", "hashlib", "hmac", "os",
     "pathlib", "polars", "prefect", "prefect.artifacts", "sys", "typing"}
)  # fmt: skip
_FORBIDDEN_NAMES = frozenset(
    {"__builtins__", "__import__", "__loader__", "breakpoint", "compile", "delattr", "eval",
     "exec", "getattr", "globals", "input", "locals", "memoryview", "open", "setattr", "vars"}
)  # fmt: skip
LINE_LENGTH = 100


def render_python(template: str, package: str, *, tidied: bool = True, **parts: object) -> str:
    """Return a template of ours filled, checked and formatted; `package` is the project's own.

    Code that is run at once and read by nobody need not be `tidied`. Raises TypeError for a part
    that is not Code, ValueError for code that we would not write.
    """
    text = render_plain(template, package, tidied=False, **parts)
    check(text, package)
    return tidy(text, package) if tidied else text


def render_plain(template: str, package: str, *, tidied: bool = True, **parts: object) -> str:
    """Return a template filled with code alone; Python is formatted unless not `tidied`.

    For files whose code is ours word for word and which hold literals only, such as tests.
    """
    text = _templates().get_template(template).render(package=Code(package), **parts)
    return tidy(text, package) if tidied and template.endswith(".py.jinja") else text


def check(source: str, package: str) -> None:
    """Raise ValueError when the source imports, names or reaches for what we never write."""
    for node in ast.walk(code_tree(source)):
        match node:
            case ast.Import(names=names):
                _check_imports([n.name for n in names], package)
            case ast.ImportFrom(module="os"):
                raise ValueError("an import from os")
            case ast.ImportFrom(module=module, level=0):
                _check_imports([module or ""], package)
            case ast.ImportFrom():
                raise ValueError("a relative import")
            case ast.Name(id=name) if name in _FORBIDDEN_NAMES:
                raise ValueError(f"the name {name}")
            case ast.Attribute(value=ast.Name(id="os"), attr=name) if name != "environ":
                raise ValueError(f"the attribute os.{name}")
            case ast.Attribute(attr=name) if name.startswith("__"):
                raise ValueError(f"the attribute {name}")


def _check_imports(modules: Iterable[str], package: str) -> None:
    for module in modules:
        ours = module == package or module.startswith((f"{package}.", "ai_data_engineer.io."))
        if module not in _IMPORTS and not ours:
            raise ValueError(f"an import of {module}")


def tidy(source: str, package: str) -> str:
    """Return the source without unused imports, sorted and formatted by ruff."""
    first_party = f'lint.isort.known-first-party = ["{package}"]'
    fixed = _ruff(
        *("check", "--fix-only", "--quiet", "--select", "F401,I", "--config", first_party),
        text=source,
    )
    return _ruff("format", "--quiet", "--line-length", str(LINE_LENGTH), text=fixed)


def _ruff(verb: str, *arguments: str, text: str) -> str:
    from ruff import find_ruff_bin  # type: ignore[import-untyped]

    return subprocess.run(
        [find_ruff_bin(), verb, "--isolated", *arguments, "--stdin-filename", "module.py", "-"],
        input=text,
        capture_output=True,
        check=True,
        encoding="utf-8",
    ).stdout


def docstring(text: str) -> Code:
    """Return text as a docstring; one that could end early is written as a plain literal."""
    text = " ".join(text.split())
    if not text or not text.isprintable() or any(c in text for c in '\\"'):
        return lit(text)
    if len(text) <= LINE_LENGTH - 12:
        return Code(f'"""{text}"""')
    wrapped = textwrap.wrap(text, LINE_LENGTH - 8, break_long_words=False)
    return Code('"""' + "\n    ".join(wrapped) + '\n    """')


def identifiers(ids: Iterable[str], reserved: Iterable[str] = ()) -> dict[str, Code]:
    """Return a variable name for each id: the id itself, with `_` behind it where Python, a
    builtin or `reserved` has the name already.
    """
    taken = {"pl", "dt", "Decimal", "hashlib", "hmac", "os", *reserved}
    names: dict[str, Code] = {}
    for identifier in ids:
        name = identifier
        while name in taken or keyword.iskeyword(name) or hasattr(builtins, name):
            name += "_"
        taken.add(name)
        names[identifier] = Code(name)
    return names


@cache
def _templates() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("ai_data_engineer.rendering"),
        undefined=jinja2.StrictUndefined,
        finalize=_only_code,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - `finalize` is stricter than escaping
    )
    environment.filters["indented"] = lambda text: Code(textwrap.indent(_only_code(text), "    "))
    return environment


def _only_code(value: object) -> Code:
    if type(value) is not Code:
        raise TypeError(f"{type(value).__name__} in a template of code")
    return value
