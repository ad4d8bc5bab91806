"""Every command that the documents name exists, with the options they give it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/architecture.md",
    "docs/experiments.md",
    "engine/weights/MODEL_CARD.md",
)
STARTS = {
    "python -m training": ["-m", "training"],
    "python -m benchmarks": ["-m"],
    "python3 packaging/bootstrap.py": ["packaging/bootstrap.py"],
    "python3 packaging/build.py": ["packaging/build.py"],
    "python packaging/make_examples.py": ["packaging/make_examples.py"],
    "frih ": ["-m", "engine.cli.main"],
}
PASSED_ON = {"-k", "-x"}
"""Options of pytest, which bootstrap.py hands on."""


def documented() -> dict[str, set[str]]:
    """The command and its subcommand, as written, to all options that are given to it."""
    found: dict[str, set[str]] = {}
    for name in DOCUMENTS:
        text = (ROOT / name).read_text(encoding="utf-8")
        lines = re.findall(r"^    (\S.*)$|`([^`\n]+)`", text, re.MULTILINE)
        for line in (block or span for block, span in lines):
            if line.startswith(tuple(STARTS)):
                words = line.split()
                command = " ".join(words[: length_of(line)])
                options = {word.partition("=")[0] for word in words if word.startswith("-")}
                found.setdefault(command, set()).update(options - {"-m", *PASSED_ON})
    return found


def length_of(line: str) -> int:
    """How many words name the command: a subcommand follows where there are several."""
    if line.startswith("python -m training"):
        return 4
    return 2 if "make_examples" in line or line.startswith("frih") else 3


COMMANDS = documented()


def test_documents_name_commands_of_every_kind() -> None:
    for start in STARTS:
        assert any(command.startswith(start.strip()) for command in COMMANDS), start


@pytest.mark.full
@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_documented_command_has_its_options(command: str) -> None:
    (start,) = (start for start in STARTS if f"{command} ".startswith(start))
    rest = command.removeprefix(start.strip()).strip()
    words = [f"benchmarks{rest}"] if start.endswith("benchmarks") else rest.split()
    arguments = [sys.executable, *STARTS[start], *words, "--help"]
    done = subprocess.run(
        arguments, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    known = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", done.stdout))
    assert known >= COMMANDS[command]
