"""Writing a file whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from engine.errors import OutputError

_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your quota on this disk is used up",
    errno.EFBIG: "the file would be larger than is allowed here",
    errno.EACCES: "you have no permission",
    errno.EPERM: "you have no permission",
    errno.EROFS: "the disk is read-only",
    errno.ENAMETOOLONG: "the name is too long",
}


class _WrittenByPython(io.BufferedRandom):
    """A file that shows no descriptor, so that no encoder writes past Python.

    Pillow and numpy write to a descriptor from C and then lose the reason of a failure.
    """

    def fileno(self) -> int:
        raise io.UnsupportedOperation


def why(error: OSError) -> str:
    """Say in words why the system refused."""
    return _REASONS.get(error.errno or 0) or error.strerror or str(error)


def cannot_write(path: Path, error: OSError) -> OutputError:
    """Make the sentence for a file that could not be written."""
    return OutputError(
        f"{path} could not be written because {why(error)}; nothing was changed, "
        "choose another place or make room."
    )


@contextmanager
def whole_file(path: Path) -> Generator[BinaryIO]:
    """Open a temporary file beside `path` that takes its place when the block ends well.

    The file is complete on the disk (fsync) before it is renamed. If anything fails the
    temporary file is removed and an existing file at `path` stays as it was.
    Raises OutputError where the system refuses.
    """
    target = path.resolve()  # a link stays a link: what it points to is replaced
    temporary = target.with_name(f".frih-{secrets.token_hex(6)}.part")
    try:
        yield from _renamed_when_whole(temporary, target)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _renamed_when_whole(temporary: Path, target: Path) -> Generator[BinaryIO]:
    raw = io.FileIO(temporary, "x+")
    try:
        with _WrittenByPython(raw) as file:
            yield cast("BinaryIO", file)
            file.flush()
            os.fsync(raw.fileno())
    finally:
        raw.close()  # closing the buffer fails on a full disk and would leave this open
    _keep_mode(target, temporary)
    temporary.replace(target)


def _keep_mode(target: Path, temporary: Path) -> None:
    with contextlib.suppress(OSError):
        temporary.chmod(target.stat().st_mode & 0o777)
