"""`frih demo`: a bundled example, before and after, in one picture."""

from __future__ import annotations

import tempfile
from pathlib import Path

from engine.cli.before_after import write_before_after
from engine.cli.commands import RunDemo
from engine.cli.console import emit, say
from engine.cli.examples import example_source
from engine.cli.opened import open_source
from engine.errors import OutputError
from engine.files import check_writable, write_picture
from engine.files.atomic import cannot_write
from engine.pipeline import Settings, harmonize
from engine.runtime.backend import open_backend


def run_demo(command: RunDemo) -> int:
    """Write the picture and print its path; gives the exit code 0. Raises FrihError."""
    check_writable(command.out)
    say(f"Harmonizing the example {command.example}")
    opened = open_source(example_source(command.example))
    result = harmonize(opened.document, Settings(), open_backend())
    with tempfile.TemporaryDirectory(prefix="frih-") as folder:
        before, after = Path(folder, "before.png"), Path(folder, "after.png")
        write_picture(before, opened.document.composite, like=opened.file)
        write_picture(after, result.picture, like=opened.file)
        _write(before, after, command.out)
    emit(str(command.out))
    return 0


def _write(before: Path, after: Path, out: Path) -> None:
    try:
        write_before_after(before, after, out)
    except OutputError:
        raise
    except OSError as error:
        raise cannot_write(out, error) from error
