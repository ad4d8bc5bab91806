"""The Python that a folder for machines without a network brings: copied to where it stays."""

from __future__ import annotations

import shutil
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from frih_plugin.install.errors import InstallError
from frih_plugin.install.pythons import python_in
from frih_plugin.texts import text

_ARCHIVES = ("*.tar.gz", "*.tgz", "*.zip")
_PYTHON = "python"


def carried_python(folder: Path) -> Path | None:
    """A movable Python in the folder: unpacked in "python", or an archive of it; None without."""
    if python_in(folder / _PYTHON) is not None:
        return folder / _PYTHON
    found = [path for kind in _ARCHIVES for path in sorted(folder.glob(kind))]
    return next((path for path in found if "python" in path.name), None)


def wheels_in(folder: Path) -> Path | None:
    """Where the folder has its libraries; None without any."""
    places = (folder / "wheels", folder)
    return next((place for place in places if any(place.glob("*.whl"))), None)


def place_python(source: Path, target: Path, check: Callable[[], None]) -> None:
    """Copy or unpack a Python to `target`, whole or not at all. check: raises to stop.

    Raises InstallError for an archive that holds no Python, OSError where it cannot be written.
    """
    part = target.with_name(target.name + ".part")
    remove_tree(part)
    try:
        if source.is_dir():
            shutil.copytree(source, part, symlinks=True, copy_function=_checked_copy(check))
        else:
            _unpack(source, part, check)
        inside = part if python_in(part) is not None else part / _PYTHON
        if python_in(inside) is None:
            raise InstallError(_no_python(source))
        remove_tree(target)
        inside.replace(target)
    finally:
        remove_tree(part)


def remove_tree(folder: Path) -> None:
    """Remove a folder with all in it; none is fine. Raises OSError."""
    if folder.is_dir():
        shutil.rmtree(folder)


def _checked_copy(check: Callable[[], None]) -> Callable[[str, str], str]:
    def copy(source: str, target: str) -> str:
        check()
        return str(shutil.copy2(source, target))

    return copy


def _unpack(archive: Path, target: Path, check: Callable[[], None]) -> None:
    target.mkdir(parents=True)
    try:
        if archive.suffix == ".zip":
            _unpack_zip(archive, target, check)
        else:
            _unpack_tar(archive, target, check)
    except (tarfile.TarError, zipfile.BadZipFile, EOFError) as error:
        raise InstallError(
            text(
                "{file} is damaged: copy the folder again, then install from it.", file=archive.name
            )
        ) from error


def _unpack_zip(archive: Path, target: Path, check: Callable[[], None]) -> None:
    with zipfile.ZipFile(archive) as packed:
        for member in packed.infolist():
            check()
            packed.extract(member, target)  # never outside: zipfile drops ".." and roots


def _unpack_tar(archive: Path, target: Path, check: Callable[[], None]) -> None:
    with tarfile.open(archive) as packed:
        # A Python before 3.10.12 knows no filters and does not look at this.
        packed.extraction_filter = getattr(tarfile, "tar_filter", None)
        for member in packed:
            check()
            _refuse_outside(member, archive)
            packed.extract(member, target)


def _refuse_outside(member: tarfile.TarInfo, archive: Path) -> None:
    """Also where the host's Python knows no filters: nothing is written outside the target."""
    path = PurePosixPath(member.name)
    link = PurePosixPath(member.linkname)
    leaves = path.is_absolute() or ".." in path.parts or link.is_absolute()
    climbs = len([part for part in link.parts if part == ".."]) >= len(path.parts)
    if leaves or climbs or member.isdev():
        raise InstallError(_no_python(archive))


def _no_python(source: Path) -> str:
    return text(
        "{file} holds no Python that can be used: choose the folder that was made for this system.",
        file=source.name,
    )
