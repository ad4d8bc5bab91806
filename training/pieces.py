"""`python -m training join`: large files cut for a narrow way, and put together again."""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

from engine.errors import BadInputError, OutputError
from training.commands import Subparsers

PIECE_BYTES = 16 * 1024**2 - 1
CONTENTS = "pieces.json"
"""Beside the pieces: the SHA-256 of every whole file by name."""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = subparsers.add_parser("join", help="put together what `unattended` cut into pieces")
    parser.add_argument("--pieces", type=Path, required=True, help="folder of the pieces")
    parser.add_argument("--out", type=Path, required=True, help="folder for the whole files")


def run(args: argparse.Namespace) -> int:
    """Join every file and check it."""
    for path in join(args.pieces, args.out):
        print(path)  # noqa: T201 - the command's answer
    return 0


def split(files: list[Path], folder: Path, piece_bytes: int = PIECE_BYTES) -> list[Path]:
    """Cut files into FOLDER/NAME.000, NAME.001 ... in place of earlier pieces; returns all paths.

    Raises OutputError when the folder cannot be written.
    """
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in files:
            for old in folder.glob(f"{file.name}.[0-9][0-9][0-9]"):
                old.unlink()
            content = file.read_bytes()
            for number, start in enumerate(range(0, len(content), piece_bytes)):
                piece = folder / f"{file.name}.{number:03}"
                piece.write_bytes(content[start : start + piece_bytes])
                written.append(piece)
        hashes = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
        (folder / CONTENTS).write_text(json.dumps(hashes, indent=1))
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: make room there.") from error
    return [*written, folder / CONTENTS]


def join(folder: Path, out: Path) -> list[Path]:
    """Put the files of `folder` together in `out`.

    Raises BadInputError when a piece is missing or damaged: no file is written for it.
    """
    try:
        hashes: dict[str, str] = json.loads((folder / CONTENTS).read_text())
    except (OSError, ValueError) as error:
        raise BadInputError(f"{folder} holds no {CONTENTS}: copy all of the pieces.") from error
    return [_join_one(folder, name, sha256, out) for name, sha256 in hashes.items()]


def _join_one(folder: Path, name: str, sha256: str, out: Path) -> Path:
    pieces = sorted(folder.glob(f"{name}.[0-9][0-9][0-9]"))
    content = b"".join(piece.read_bytes() for piece in pieces)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise BadInputError(f"A piece of {name} is missing or damaged: copy all of them again.")
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / name).write_bytes(content)
    except OSError as error:
        raise OutputError(f"{out} cannot be written: choose another folder.") from error
    return out / name
