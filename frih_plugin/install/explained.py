"""Failures of the system and of pip as one sentence that says what to do."""

from __future__ import annotations

import errno

from frih_plugin.texts import text

_FULL_NUMBERS = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_LOCKED_ON_WINDOWS = (5, 32, 33)
_LOCKED = ("WinError 5]", "WinError 32]", "WinError 33]")
_FULL = ("No space left on device", "Errno 28]", "WinError 112]", "Disk quota exceeded")
_HASH = ("DO NOT MATCH THE HASHES", "HashMismatch")
_DENIED = ("Permission denied", "Errno 13]", "Errno 30]", "Read-only file system")
_BROKEN_OFF = (
    "IncompleteRead",
    "incomplete-download",
    "Connection broken",
    "Download failed",
    "ConnectionResetError",
    "Connection aborted",
    "Read timed out",
    "ReadTimeoutError",
)
_OFFLINE = (
    "NewConnectionError",
    "ConnectTimeoutError",
    "ProxyError",
    "SSLError",
    "CERTIFICATE_VERIFY_FAILED",
    "Max retries exceeded",
    "Network is unreachable",
    "Name or service not known",
    "name resolution",
    "Connection refused",
)
_NO_FIT = ("No matching distribution found", "is not a supported wheel on this platform")


def of_os_error(error: OSError) -> str:
    """What to say of a failed read or write."""
    if error.errno in _FULL_NUMBERS or getattr(error, "winerror", None) == 112:
        return _full()
    if getattr(error, "winerror", None) in _LOCKED_ON_WINDOWS:
        return _locked()
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return _denied()
    return text(
        "A file could not be read or written ({reason}): see the log, then try again.",
        reason=error.strerror or error,
    )


def of_output(output: str, *, from_folder: bool) -> str:
    """What to say when a child process of the installer has failed with this output."""
    for signs, sentence in (
        (_FULL, _full),
        (_HASH, _hash),
        (_LOCKED, _locked),
        (_DENIED, _denied),
        (_NO_FIT, _missing_in_folder if from_folder else _no_fit),
        (_BROKEN_OFF, _broken_off),
        (_OFFLINE, _offline),
    ):
        if any(sign in output for sign in signs):
            # pip also finds no fitting package where it could not ask for any.
            is_cut = signs is _NO_FIT and any(sign in output for sign in _OFFLINE)
            return _offline() if is_cut else sentence()
    return text("The installation failed: copy the log, it says why, then try again.")


def _full() -> str:
    return text("The disk is full: make room, then install again; what is there is kept.")


def _hash() -> str:
    return text(
        "A file is not the one that was expected, so it was not used: install again; if it stays "
        "so, something between you and the network changes files."
    )


def _locked() -> str:
    return text(
        "Another program, perhaps a virus scanner, holds one of the files: wait a minute, then try "
        "again."
    )


def _denied() -> str:
    return text("A file could not be written for lack of permission: see the log for which one.")


def _broken_off() -> str:
    return text("The download broke off: install again, it goes on where it stopped.")


def _offline() -> str:
    return text(
        "The network cannot be reached: check it and its proxy, then install again, or install "
        "from a folder."
    )


def _no_fit() -> str:
    return text(
        "There is no build of a library for this system and this Python: choose another Python "
        "(3.11 to 3.14)."
    )


def _missing_in_folder() -> str:
    return text(
        "The folder lacks a library for this system and this Python: choose the folder that was "
        "made for them."
    )
