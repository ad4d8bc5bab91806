"""One command from a fresh clone to a result: `python3 packaging/bootstrap.py demo`.

Makes an environment in the repository's folder .frih (or --home), installs the project there and
runs it. Can be repeated: what is up to date is not done again. Progress goes to standard error.
Standard library only; loads on Python 3.8 (see machine.py). A new command is a function that takes
an Order and returns an exit code, entered in COMMANDS.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Callable, NamedTuple

from environment import Environment, clean_variables, prepare, say
from krita_profile import Profile, fill, find_krita, qt_package
from machine import (
    MissingError,
    can_make_environments,
    find_python,
    install_debian_packages,
    is_intel_mac,
    require_qt_libraries,
    this_python,
    usable_apt_get,
    venv_package,
)
from screen import (
    QT_PACKAGES,
    X_PACKAGES,
    X_SERVER,
    missing_debian_packages,
    require_screen,
)

PROJECT = Path(__file__).resolve().parent.parent
EXAMPLES = PROJECT / "engine" / "examples"
# Measured on Linux and rounded up; the tests bring torch, whose CPU build is the smallest.
DEMO_NEEDS_MB = 500
EDITOR_NEEDS_MB = 900
TEST_NEEDS_MB = 3000
FOLDER_OPTIONS = ("photos", "bench", "samples")
LINTERS = (
    ("ruff", "check"),
    ("ruff", "format", "--check"),
    ("basedpyright", "--pythonpath", "{python}"),
    ("lint-imports",),
)


class Order(NamedTuple):
    """What was asked for on the command line."""

    home: Path
    example: str
    pytest_arguments: list[str]
    pictures: list[Path]


class Command(NamedTuple):
    """One subcommand: what it does in a line, and the function that does it."""

    summary: str
    run: Callable[[Order], int]


def demo(order: Order) -> int:
    """Harmonize a bundled example and print the path of its before/after picture."""
    environment = Environment(
        order.home / "demo", PROJECT, extra="", editable=False, needed_mb=DEMO_NEEDS_MB
    )
    prepare(environment)
    pictures = order.home / "pictures"
    pictures.mkdir(exist_ok=True)
    before, after, both = (
        str(pictures / f"{order.example}-{kind}.png")
        for kind in ("before", "after", "before-after")
    )
    harmonize = [environment.command("frih"), "harmonize", *example_arguments(order.example)]
    say(f"Harmonizing the example {order.example}")
    _run([*harmonize, "--strength", "0", "-o", before])
    _run([*harmonize, "-o", after])
    # -I: the installed package, not the sources in the current folder.
    python = [environment.command("python"), "-I", "-m", "engine.cli.before_after"]
    _run([*python, before, after, both])
    print(both)
    return 0


def editor(order: Order) -> int:
    """Open the editor with the pictures given, or with a bundled example."""
    require_screen()
    _install_missing(*QT_PACKAGES, *X_PACKAGES)
    environment = Environment(
        order.home / "editor", PROJECT, extra="panel", editable=False, needed_mb=EDITOR_NEEDS_MB
    )
    prepare(environment)
    # -I: the installed package, not the sources in the current folder.
    command = [environment.command("python"), "-I", "-m", "frih_plugin.hosts.standalone"]
    command += [str(picture) for picture in order.pictures]
    return subprocess.run(command, env=clean_variables(), check=False).returncode


def krita(order: Order) -> int:
    """Start Krita with the plug-in ready, in a profile of its own."""
    program = find_krita()
    require_screen()
    _install_missing(qt_package())
    environment = Environment(
        order.home / "krita", PROJECT, extra="", editable=False, needed_mb=DEMO_NEEDS_MB
    )
    prepare(environment)
    python = environment.command("python")
    build = [python, str(PROJECT / "packaging" / "build.py"), "krita", "--out", str(order.home)]
    built = subprocess.run(build, stdout=subprocess.PIPE, env=clean_variables(), check=False)
    if built.returncode != 0:
        raise MissingError("The plug-in could not be built; the lines above say why.")
    profile = Profile(order.home / "krita-profile")
    fill(profile, Path(built.stdout.decode().strip()), python)
    say("In Krita, Settings > Dockers > Harmonize shows the panel")
    command = [program, "--nosplash", *map(str, order.pictures)]
    return subprocess.run(command, env=profile.variables(program), check=False).returncode


def test(order: Order) -> int:
    """Install what the tests need and run the full suite."""
    require_qt_libraries()
    environment = _development_environment(order)
    # -rs: a skipped test says why at the end.
    command = [environment.command("python"), "-m", "pytest", "--full", "-rs"]
    command += order.pytest_arguments
    return subprocess.run(command, cwd=PROJECT, env=clean_variables(), check=False).returncode


def lint(order: Order) -> int:
    """Run ruff, the strict type checker and the import contracts; all of them, whatever fails."""
    environment = _development_environment(order)
    python = environment.command("python")
    worst = 0
    for name, *arguments in LINTERS:
        say(" ".join([name, *arguments]).replace("{python}", "..."))
        command = [environment.command(name), *(a.format(python=python) for a in arguments)]
        finished = subprocess.run(command, cwd=PROJECT, env=clean_variables(), check=False)
        worst = max(worst, abs(finished.returncode))
    return worst


COMMANDS: dict[str, Command] = {
    "demo": Command("harmonize a bundled example and print the before/after picture's path", demo),
    "editor": Command("open the editor, with an example or with PICTURES", editor),
    "krita": Command("start Krita with the plug-in ready, with PICTURES if given", krita),
    "test": Command("run the full test suite; further options go to pytest", test),
    "lint": Command("run the formatter's check, the linters and the type checker", lint),
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit code, 1 with a sentence when something is missing."""
    given = sys.argv[1:] if arguments is None else arguments
    command, order = parse(given)
    try:
        python = find_python()
        if python != this_python():
            say(f"Using {python.executable}")
            return subprocess.run([python.executable, __file__, *given], check=False).returncode
        return COMMANDS[command].run(order)
    except MissingError as missing:
        say(str(missing))
        return 1
    except KeyboardInterrupt:
        say("Stopped; the next run goes on from here.")
        return 130


def parse(arguments: list[str]) -> tuple[str, Order]:
    """Read the command line into a command's name and its order; exits with 2 on a wrong one."""
    parser = _parser()
    options, extra = parser.parse_known_args(arguments)
    if extra and options.command != "test":
        parser.error(f"unknown arguments: {' '.join(extra)}")
    order = Order(
        home=options.home.absolute(),
        example=getattr(options, "example", ""),
        pytest_arguments=[*_folder_arguments(options), *extra],
        pictures=[picture.absolute() for picture in getattr(options, "pictures", [])],
    )
    return options.command, order


def _folder_arguments(options: argparse.Namespace) -> list[str]:
    """Return the folder options as pytest gets them: it runs elsewhere, so the paths are whole."""
    given = {name: getattr(options, name, None) for name in FOLDER_OPTIONS}
    return [f"--{name}={folder.absolute()}" for name, folder in given.items() if folder is not None]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bootstrap.py", description=(__doc__ or "").splitlines()[0]
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        subparser = commands.add_parser(name, help=command.summary, allow_abbrev=False)
        home = PROJECT / ".frih"
        subparser.add_argument("--home", type=Path, default=home, help="for environments, results")
        if name == "demo":
            names = example_names()
            subparser.add_argument("--example", choices=names, default=names[0])
        if name in ("editor", "krita"):
            subparser.add_argument("pictures", nargs="*", type=Path, metavar="PICTURE")
        if name == "test":
            for option in FOLDER_OPTIONS:
                subparser.add_argument(f"--{option}", type=Path, help=f"folder of test {option}")
    return parser


def example_names() -> list[str]:
    """Return the names of the bundled examples, the one to show first in front."""
    return list(_examples())


def _examples() -> dict[str, dict[str, str]]:
    return json.loads((EXAMPLES / "examples.json").read_text(encoding="utf-8"))


def example_arguments(name: str) -> list[str]:
    """Return the options of `frih harmonize` that paste an example's layer."""
    example = _examples()[name]
    background, layer = EXAMPLES / example["background"], EXAMPLES / example["layer"]
    return ["--background", str(background), "--layer", str(layer), "--at", example["at"]]


def _development_environment(order: Order) -> Environment:
    if is_intel_mac():
        raise MissingError(
            "PyTorch 2.13, which the tests need, has no build for Macs with an Intel processor: "
            "run the tests on another machine; the demo and frih itself work here."
        )
    venv = [] if can_make_environments() else [venv_package()]
    _install_missing(*QT_PACKAGES, *X_PACKAGES, X_SERVER, *venv)
    environment = Environment(
        order.home / "test", PROJECT, extra="dev", editable=True, needed_mb=TEST_NEEDS_MB
    )
    prepare(environment)
    return environment


def _install_missing(*names: str) -> None:
    """Install those of Debian's packages that are missing, where this process may."""
    apt_get = usable_apt_get()
    missing = missing_debian_packages(names)
    if apt_get is not None and missing:
        install_debian_packages(apt_get, missing)


def _run(command: list[str]) -> None:
    """Run one step of the demo, its output on standard error; raises MissingError if it fails."""
    finished = subprocess.run(command, stdout=sys.stderr, env=clean_variables(), check=False)
    if finished.returncode != 0:
        raise MissingError("The example could not be harmonized; the lines above say why.")


if __name__ == "__main__":
    sys.exit(main())
