"""Makes the environments that bootstrap.py runs things in, and knows when one is out of date.

An environment is whole when its stamp was written; a folder without one was left half-made and is
made again. Standard library only; loads on Python 3.8 (see machine.py).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator, NamedTuple

from machine import MissingError, require_short_path, require_space, require_venv, require_writable

STAMP_NAME = "frih-stamp.json"
# What an installation copies; an editable one copies only the version.
COPIED = ("plugin.json", "README.md", "engine", "frih_plugin", "training")
COPIED_WHEN_EDITABLE = ("plugin.json",)
# A surrounding Python set-up must not leak into the environment.
FOREIGN_VARIABLES = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "__PYVENV_LAUNCHER__")
FAILURE_LINES = 15

OFFLINE_SIGNS = (
    "NewConnectionError",
    "ConnectTimeoutError",
    "ReadTimeoutError",
    "ProxyError",
    "SSLError",
    "Max retries exceeded",
    "Network is unreachable",
    "Name or service not known",
    "name resolution",
)
FULL_DISK_SIGNS = ("No space left on device", "Errno 28", "WinError 112")


class Stamp(NamedTuple):
    """What an environment was made from; equal stamps mean there is nothing to do."""

    python: str
    dependencies: str
    sources: str


class Environment(NamedTuple):
    """One environment of the project.

    folder: where it lives; project: the repository; extra: an extra of pyproject.toml, or "";
    editable: the sources are used where they lie, so that a change needs no new installation;
    needed_mb: free space (10**6 bytes) to ask for before it is made.
    """

    folder: Path
    project: Path
    extra: str
    editable: bool
    needed_mb: int

    @property
    def scripts(self) -> Path:
        """The folder of its commands."""
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    def command(self, name: str) -> str:
        """Return the path of one of its commands, "python" or "frih" for example."""
        return str(self.scripts / (name + (".exe" if os.name == "nt" else "")))


def prepare(environment: Environment) -> None:
    """Make the environment, or bring it up to date, doing only what is needed.

    Raises MissingError with the sentence for the person when something is missing.
    """
    wanted = wanted_stamp(environment)
    have = read_stamp(environment)
    if have == wanted:
        return
    require_writable(environment.folder.parent)
    if have is None or have.python != wanted.python:
        _make(environment)
        _install(environment)
    elif have.dependencies != wanted.dependencies:
        _forget_stamp(environment)
        _install(environment)
    else:
        _forget_stamp(environment)
        _install(environment, "--no-deps", "--force-reinstall")
    _write_stamp(environment, wanted)


def wanted_stamp(environment: Environment) -> Stamp:
    """Describe the environment as the repository asks for it now."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    copied = COPIED_WHEN_EDITABLE if environment.editable else COPIED
    return Stamp(
        python=f"{version} {sys.base_prefix}",
        dependencies=_dependencies_digest(environment),
        sources=sources_digest(environment.project, copied),
    )


def read_stamp(environment: Environment) -> Stamp | None:
    """Return the stamp of a whole environment, None for an absent, half-made or broken one."""
    if not Path(environment.command("python")).exists():
        return None
    try:
        return Stamp(**json.loads((environment.folder / STAMP_NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def sources_digest(project: Path, copied: tuple[str, ...]) -> str:
    """Hash the names and bytes of the given files and of all files in the given folders."""
    digest = hashlib.sha256()
    for path in _files(project, copied):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(project).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def clean_variables() -> dict[str, str]:
    """Return this process's environment variables without those that mislead another Python."""
    return {name: value for name, value in os.environ.items() if name not in FOREIGN_VARIABLES}


def explain_pip_failure(output: str) -> str:
    """Say in one sentence why pip failed and what to do."""
    if any(sign in output for sign in FULL_DISK_SIGNS):
        return "The disk is full: make room, or choose another one with --home FOLDER."
    if any(sign in output for sign in OFFLINE_SIGNS):
        return (
            "pip could not reach its package index: check the network or proxy settings and run "
            "the same command again."
        )
    return "pip could not install the project, its last lines above say why; then run this again."


def _dependencies_digest(environment: Environment) -> str:
    import tomllib  # new in Python 3.11; this file must load on 3.8  # noqa: PLC0415

    with (environment.project / "pyproject.toml").open("rb") as file:
        tables = tomllib.load(file)
    # What decides which packages are installed and how; the rest is for linters and tests.
    deciding = [tables["build-system"], tables["project"], tables["tool"]["hatch"]]
    text = json.dumps([deciding, environment.extra, environment.editable], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _files(project: Path, names: tuple[str, ...]) -> Iterator[Path]:
    for name in names:
        place = project / name
        found = sorted(place.rglob("*")) if place.is_dir() else [place]
        for path in found:
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def _make(environment: Environment) -> None:
    require_venv()
    require_short_path(environment.folder)
    require_space(environment.folder, environment.needed_mb)
    if environment.folder.exists():
        shutil.rmtree(environment.folder)
    say(f"Making an environment in {environment.folder}")
    made = _run_quietly([sys.executable, "-m", "venv", str(environment.folder)])
    if made.returncode != 0:
        raise MissingError(
            f"The environment in {environment.folder} could not be made, the lines above say why."
        )


def _install(environment: Environment, *options: str) -> None:
    say("Installing the project (the first time this downloads its dependencies)")
    extra = f"[{environment.extra}]" if environment.extra else ""
    target = ["--editable"] if environment.editable else []
    command = [environment.command("python"), "-m", "pip", "install", "--no-input", *options]
    finished = _run_quietly([*command, *target, str(environment.project) + extra])
    if finished.returncode != 0:
        raise MissingError(explain_pip_failure(finished.stdout))


def _run_quietly(command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run a command, naming its larger downloads; its last lines are shown when it fails."""
    lines: list[str] = []
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=clean_variables(),
        encoding="utf-8",
        errors="replace",
    ) as process:
        for line in process.stdout or ():
            lines.append(line)
            if "MB)" in line:
                say("  " + line.strip())
    if process.returncode != 0:
        say("".join(lines[-FAILURE_LINES:]))
    return subprocess.CompletedProcess(command, process.returncode, "".join(lines))


def _forget_stamp(environment: Environment) -> None:
    (environment.folder / STAMP_NAME).unlink()


def _write_stamp(environment: Environment, stamp: Stamp) -> None:
    text = json.dumps(stamp._asdict(), indent=2) + "\n"
    (environment.folder / STAMP_NAME).write_text(text, encoding="utf-8")


def say(line: str) -> None:
    """Write a line of progress; standard output is kept for results."""
    print(line, file=sys.stderr, flush=True)
