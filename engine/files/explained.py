"""Turns whatever a decoder raises into one sentence that names the file."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from engine.errors import BadInputError
from engine.files.decoded import CannotDecodeError

# What the decoders raise on damaged files; tifffile's and imagecodecs' own errors are ValueError
# and RuntimeError.
_DAMAGE = (
    OSError,
    SyntaxError,
    ValueError,
    RuntimeError,
    LookupError,
    TypeError,
    ArithmeticError,
    EOFError,
    AttributeError,
    struct.error,
    zlib.error,
)


@contextmanager
def decoding(path: Path) -> Generator[None]:
    """Decode within the block: warnings are silent, and failures become BadInputErrors."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what matters is raised
            yield
    except CannotDecodeError as error:
        raise BadInputError(f"{path} {error}") from error
    except MemoryError as error:
        raise BadInputError(
            f"{path} needs more memory than this computer has free; scale it down first."
        ) from error
    except _DAMAGE as error:
        raise BadInputError(
            f"{path} is damaged, cut short or of an unusual kind, and cannot be decoded; "
            "open it in an image editor and save it again, or get a fresh copy."
        ) from error
