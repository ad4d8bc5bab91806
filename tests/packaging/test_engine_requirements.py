"""What the engine's environment gets is pinned, hashed and free of places."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from lock import ENGINE_NEEDS, engine_dependencies
from wheels import SYSTEMS, Target, requirements_for

from frih_plugin.install.requirements import split_requirements

CHECKOUT = Path(__file__).resolve().parents[2]
FILES = sorted((CHECKOUT / "packaging" / "requirements").glob("*.txt"))


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_every_requirement_is_pinned_with_hashes(file: Path) -> None:
    content = file.read_text(encoding="utf-8")
    requirements = split_requirements(content)
    assert requirements
    assert all("--hash=sha256:" in requirement.lines for requirement in requirements)
    assert content.count("==") >= len(requirements)


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_files_name_no_place(file: Path) -> None:
    assert not re.search(r"https?:|--index|--find-links|file:", file.read_text(encoding="utf-8"))


def test_split_loses_no_line() -> None:
    content = FILES[0].read_text(encoding="utf-8")
    lines = [line for line in content.splitlines() if line.strip() and not line.startswith("#")]
    assert "".join(r.lines for r in split_requirements(content)) == "\n".join(lines) + "\n"


def test_all_that_the_engine_needs_is_locked_within_the_projects_bounds() -> None:
    content = (CHECKOUT / "packaging/requirements/engine-cpu.txt").read_text(encoding="utf-8")
    locked = {requirement.name for requirement in split_requirements(content)}
    assert locked >= set(ENGINE_NEEDS)
    with (CHECKOUT / "pyproject.toml").open("rb") as file:
        dependencies = tomllib.load(file)["project"]["dependencies"]
    assert set(engine_dependencies()) <= set(dependencies)
    assert len(engine_dependencies()) == len(ENGINE_NEEDS) + 1  # onnxruntime on Intel Macs


@pytest.mark.parametrize(
    ("system", "python", "there", "missing"),
    [
        ("mac-intel", "3.12", "onnxruntime==1.23.2", "onnxruntime==1.32"),
        ("windows", "3.12", "numpy==2.5", "numpy==2.4"),
        ("linux", "3.11", "numpy==2.4", "sympy"),
    ],
)
def test_another_machine_gets_its_own(system: str, python: str, there: str, missing: str) -> None:
    content = (CHECKOUT / "packaging/requirements/engine-cpu.txt").read_text(encoding="utf-8")
    own = requirements_for(content, Target(SYSTEMS[system], python))
    assert there in own
    assert missing not in own
    assert ";" not in own
    assert all("--hash=sha256:" in requirement.lines for requirement in split_requirements(own))
