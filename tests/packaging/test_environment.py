"""When an environment is made, renewed or left alone; pip is replaced by a recorder."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

import environment
from environment import STAMP_NAME, Environment, explain_pip_failure, prepare, read_stamp
from machine import MissingError

PYPROJECT = """
[build-system]
requires = ["hatchling"]
[project]
name = "frih-harmonize"
dependencies = ["numpy"]
[tool.hatch.version]
path = "plugin.json"
[tool.ruff]
line-length = 100
"""


class Recorder:
    """Stands for the commands an environment is made with; keeps them, or fails."""

    def __init__(self, made: Environment) -> None:
        self.made = made
        self.commands: list[list[str]] = []
        self.failure = ""

    def run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        self.commands.append(command)
        if "venv" in command:
            self.made.scripts.mkdir(parents=True)
            Path(self.made.command("python")).touch()
        elif self.failure:
            return subprocess.CompletedProcess(command, 1, self.failure)
        return subprocess.CompletedProcess(command, 0, "")

    def steps(self) -> list[str]:
        """Return what was done since the last call, in words."""
        done = [
            "make" if "venv" in command else "renew" if "--no-deps" in command else "install"
            for command in self.commands
        ]
        self.commands.clear()
        return done


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "engine").mkdir(parents=True)
    (folder / "engine" / "pipeline.py").write_text("first = 1\n")
    (folder / "plugin.json").write_text('{"version": "0.1.0"}\n')
    (folder / "README.md").write_text("Read me\n")
    (folder / "pyproject.toml").write_text(PYPROJECT)
    for room in ("frih_plugin", "training"):
        (folder / room).mkdir()
    return folder


def recorded(made: Environment, monkeypatch: pytest.MonkeyPatch) -> Recorder:
    recorder = Recorder(made)
    monkeypatch.setattr("environment._run_quietly", recorder.run)
    return recorder


@pytest.fixture
def demo(project: Path, tmp_path: Path) -> Environment:
    return Environment(tmp_path / "home" / "demo", project, extra="", editable=False, needed_mb=1)


@pytest.fixture
def development(project: Path, tmp_path: Path) -> Environment:
    return Environment(tmp_path / "home" / "dev", project, extra="dev", editable=True, needed_mb=1)


def test_first_run_makes_and_installs(demo: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = recorded(demo, monkeypatch)
    prepare(demo)
    assert recorder.steps() == ["make", "install"]


def test_second_run_does_nothing(demo: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = recorded(demo, monkeypatch)
    prepare(demo)
    recorder.steps()
    prepare(demo)
    assert recorder.steps() == []


@pytest.mark.parametrize("name", ["pipeline.py", "new_file.py"])
def test_changed_source_reaches_the_demo_without_its_dependencies(
    demo: Environment, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    recorder = recorded(demo, monkeypatch)
    prepare(demo)
    recorder.steps()
    (demo.project / "engine" / name).write_text("second = 2\n")
    prepare(demo)
    assert recorder.steps() == ["renew"]


def test_compiled_files_are_no_change(demo: Environment, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = recorded(demo, monkeypatch)
    prepare(demo)
    recorder.steps()
    (demo.project / "engine" / "__pycache__").mkdir()
    (demo.project / "engine" / "__pycache__" / "pipeline.pyc").touch()
    prepare(demo)
    assert recorder.steps() == []


def test_changed_source_needs_nothing_where_sources_are_used_in_place(
    development: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = recorded(development, monkeypatch)
    prepare(development)
    recorder.steps()
    (development.project / "engine" / "pipeline.py").write_text("second = 2\n")
    prepare(development)
    assert recorder.steps() == []


def test_changed_version_reaches_both_kinds(
    development: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = recorded(development, monkeypatch)
    prepare(development)
    recorder.steps()
    (development.project / "plugin.json").write_text('{"version": "0.2.0"}\n')
    prepare(development)
    assert recorder.steps() == ["renew"]


def test_changed_dependencies_are_installed_into_the_same_environment(
    demo: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = recorded(demo, monkeypatch)
    prepare(demo)
    recorder.steps()
    (demo.project / "pyproject.toml").write_text(PYPROJECT.replace("numpy", "pillow"))
    prepare(demo)
    assert recorder.steps() == ["install"]


def test_changed_linter_settings_change_nothing(
    demo: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = recorded(demo, monkeypatch)
    prepare(demo)
    recorder.steps()
    (demo.project / "pyproject.toml").write_text(PYPROJECT.replace("100", "80"))
    prepare(demo)
    assert recorder.steps() == []


def test_environment_of_another_python_is_made_again(
    demo: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = recorded(demo, monkeypatch)
    prepare(demo)
    recorder.steps()
    monkeypatch.setattr("sys.base_prefix", "elsewhere")
    prepare(demo)
    assert recorder.steps() == ["make", "install"]


def test_half_made_environment_is_made_again(
    demo: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = recorded(demo, monkeypatch)
    recorder.failure = "ERROR: something"
    with pytest.raises(MissingError):
        prepare(demo)
    left_over = demo.folder / "left-over"
    left_over.touch()
    recorder.failure = ""
    recorder.steps()
    prepare(demo)
    assert recorder.steps() == ["make", "install"]
    assert not left_over.exists()


def test_failed_renewal_is_not_taken_for_whole(
    demo: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = recorded(demo, monkeypatch)
    prepare(demo)
    (demo.project / "engine" / "pipeline.py").write_text("second = 2\n")
    recorder.failure = "ERROR: something"
    with pytest.raises(MissingError):
        prepare(demo)
    assert read_stamp(demo) is None


@pytest.mark.parametrize("text", ["", "[]", '{"python": "3"}', "not JSON"])
def test_damaged_stamp_counts_as_none(
    demo: Environment, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    recorded(demo, monkeypatch)
    prepare(demo)
    (demo.folder / STAMP_NAME).write_text(text)
    assert read_stamp(demo) is None


def test_space_is_checked_before_anything_is_made(
    demo: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = recorded(demo, monkeypatch)
    with pytest.raises(MissingError, match="disk space"):
        prepare(demo._replace(needed_mb=10**9))
    assert recorder.steps() == []


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("WARNING: Retrying: NewConnectionError('x')\nERROR: No matching", "could not reach"),
        ("ERROR: ResolutionImpossible", "last lines above say why"),
    ],
)
def test_pip_failure_is_explained(output: str, sentence: str) -> None:
    assert sentence in explain_pip_failure(output)


def test_variables_of_another_python_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.setenv("PIP_FIND_LINKS", "wheels")
    variables = environment.clean_variables()
    assert "PYTHONPATH" not in variables
    assert variables["PIP_FIND_LINKS"] == "wheels"
