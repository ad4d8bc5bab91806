"""Builds what a person installs: `python3 packaging/build.py krita`; results go to dist/.

The same sources give the same bytes. Standard library only; pip's own wheel is fetched once, by
pip, and checked. A new kind is a function that takes the options and returns what it made, entered
in COMMANDS.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from krita_zip import Brought, project_version, write_krita_zip
from wheels import SYSTEMS, FetchError, Target, fetch_for, pip_wheel

PROJECT = Path(__file__).resolve().parent.parent
REQUIREMENTS = PROJECT / "packaging" / "requirements"
KEPT = PROJECT / "build"


def krita(options: argparse.Namespace) -> Path:
    """The zip for Krita's plug-in importer; with a Python it is for one system only."""
    system = "" if options.system is None else f"-{options.system}"
    target = options.out / f"frih_harmonize-{project_version(PROJECT)}-krita{system}.zip"
    brought = Brought(pip_wheel(REQUIREMENTS / "pip.txt", KEPT), options.python)
    write_krita_zip(PROJECT, target, brought, KEPT)
    return target


def folder(options: argparse.Namespace) -> Path:
    """A folder for "Install from folder", for a machine without a network."""
    name = f"frih_harmonize-{project_version(PROJECT)}-{options.system}"
    target: Path = options.out / name
    machine = Target(SYSTEMS[options.system], options.python_version)
    fetch_for(REQUIREMENTS / "engine-cpu.txt", target / "wheels", machine)
    if options.python is not None:
        shutil.copy2(options.python, target / options.python.name)
    return target


COMMANDS: dict[str, Callable[[argparse.Namespace], Path]] = {"krita": krita, "folder": folder}


def main(arguments: list[str] | None = None) -> int:
    """Build one kind and print its path; 1 with a sentence where that fails."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.python is not None and options.system is None:
        parser.error("--python is a build for one system: name it with --system")
    try:
        print(COMMANDS[options.command](options))
    except FetchError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        subparser = commands.add_parser(name, help=(command.__doc__ or "").strip())
        subparser.add_argument("--out", type=Path, default=PROJECT / "dist", help="a folder")
        is_folder = name == "folder"
        subparser.add_argument("--system", choices=sorted(SYSTEMS), required=is_folder)
        subparser.add_argument(
            "--python", type=Path, help="archive of a movable build of Python to bring"
        )
        if is_folder:
            subparser.add_argument("--python-version", default="3.12", help="of its Python")
    return parser


if __name__ == "__main__":
    sys.exit(main())
