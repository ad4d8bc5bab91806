"""A Python out of a folder is placed whole or not at all."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from frih_plugin.install.carried_python import carried_python, place_python, wheels_in
from frih_plugin.install.errors import InstallError, StoppedError


def never() -> None:
    """Nobody cancels."""


def tar_with(path: Path, *members: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w:gz") as packed:
        for member in members:
            data = b"#!" if member.isreg() else b""
            member.size = len(data)
            packed.addfile(member, io.BytesIO(data))
    return path


def file(name: str) -> tarfile.TarInfo:
    return tarfile.TarInfo(name)


def link(name: str, target: str) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname = tarfile.SYMTYPE, target
    return made


def test_archive_is_unpacked_with_its_links(tmp_path: Path) -> None:
    archive = tar_with(
        tmp_path / "cpython-3.12-linux.tar.gz",
        file("python/bin/python3.12"),
        link("python/bin/python3", "python3.12"),
    )
    assert carried_python(tmp_path) == archive
    place_python(archive, tmp_path / "placed", never)
    assert (tmp_path / "placed" / "bin" / "python3").read_bytes() == b"#!"


def test_zip_is_unpacked(tmp_path: Path) -> None:
    archive = tmp_path / "python-3.12-embed.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("python.exe", b"MZ")
    place_python(archive, tmp_path / "placed", never)
    assert (tmp_path / "placed" / "python.exe").is_file()


def test_unpacked_python_is_copied(tmp_path: Path) -> None:
    (tmp_path / "python" / "bin").mkdir(parents=True)
    (tmp_path / "python" / "bin" / "python3").write_bytes(b"#!")
    assert carried_python(tmp_path) == tmp_path / "python"
    place_python(tmp_path / "python", tmp_path / "placed", never)
    assert (tmp_path / "placed" / "bin" / "python3").is_file()


@pytest.mark.parametrize(
    "member",
    [
        file("../outside"),
        file("/outside"),
        link("python/bin/python3", "../../../outside"),
        link("python/bin/python3", "/etc/passwd"),
    ],
    ids=["up", "root", "link up", "link to root"],
)
def test_nothing_is_written_outside(member: tarfile.TarInfo, tmp_path: Path) -> None:
    archive = tar_with(tmp_path / "python.tar.gz", file("python/bin/python3.12"), member)
    with pytest.raises(InstallError):
        place_python(archive, tmp_path / "in" / "placed", never)
    assert not (tmp_path / "outside").exists()
    assert not (tmp_path / "in" / "placed").exists()


def test_cut_archive_is_explained(tmp_path: Path) -> None:
    archive = tar_with(tmp_path / "python.tar.gz", file("python/bin/python3"))
    archive.write_bytes(archive.read_bytes()[:-20])
    with pytest.raises(InstallError, match="damaged"):
        place_python(archive, tmp_path / "placed", never)
    assert [path.name for path in tmp_path.iterdir()] == ["python.tar.gz"]


def test_stopping_leaves_nothing(tmp_path: Path) -> None:
    def stop() -> None:
        raise StoppedError

    archive = tar_with(tmp_path / "python.tar.gz", file("python/bin/python3"))
    with pytest.raises(StoppedError):
        place_python(archive, tmp_path / "placed", stop)
    assert [path.name for path in tmp_path.iterdir()] == ["python.tar.gz"]


def test_archive_without_a_python_is_explained(tmp_path: Path) -> None:
    archive = tar_with(tmp_path / "python.tar.gz", file("readme"))
    with pytest.raises(InstallError, match="holds no Python"):
        place_python(archive, tmp_path / "placed", never)


def test_wheels_lie_in_the_folder_or_beside(tmp_path: Path) -> None:
    assert wheels_in(tmp_path) is None
    (tmp_path / "a.whl").touch()
    assert wheels_in(tmp_path) == tmp_path
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / "a.whl").touch()
    assert wheels_in(tmp_path) == tmp_path / "wheels"
