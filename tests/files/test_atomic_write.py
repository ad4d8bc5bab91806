"""A result appears whole or not at all, and every refusal is one sentence."""

from __future__ import annotations

import io
import os
import stat
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest

from engine.color.picture import Picture
from engine.errors import CancelledError, OutputError
from engine.files import check_writable, read_picture, write_picture
from engine.files.atomic import whole_file

NOISE = Picture(np.random.default_rng(2).integers(0, 256, (300, 300, 3), np.uint8))
SUFFIXES = (".png", ".jpg", ".tif", ".webp")
CHECKOUT = Path(__file__).resolve().parents[2]

WRITE_WITH_LITTLE_ROOM = """
import resource, sys
from pathlib import Path
import numpy as np
from engine.color.picture import Picture
from engine.errors import OutputError
from engine.files import write_picture
noise = np.random.default_rng(2).integers(0, 256, (300, 300, 3), np.uint8)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    write_picture(Path(sys.argv[1]), Picture(noise))
except OutputError as error:
    print(error.sentence)
"""


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_result_replaces_the_old_file_and_leaves_nothing_beside_it(
    tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"old")
    write_picture(path, NOISE)
    assert read_picture(path).picture.width == 300
    assert names_in(tmp_path) == [path.name]


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on file sizes")
@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("room", [0, 1000, 60_000])
def test_when_room_runs_out_the_old_file_stays(tmp_path: Path, suffix: str, room: int) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"old")
    done = subprocess.run(
        [sys.executable, "-c", WRITE_WITH_LITTLE_ROOM, str(path), str(room)],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert str(path) in done.stdout
    assert "larger than is allowed" in done.stdout
    assert done.stderr == ""
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == [path.name]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_full_disk_is_named(tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    full = io.FileIO("/dev/full", "r+")
    monkeypatch.setattr("engine.files.atomic.io.FileIO", Mock(return_value=full))
    with pytest.raises(OutputError, match="the disk is full"):
        write_picture(tmp_path / f"a{suffix}", NOISE)
    assert names_in(tmp_path) == []


def test_a_failure_while_writing_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"old")

    def write_and_cancel() -> None:
        with whole_file(path) as file:
            file.write(b"half")
            raise CancelledError("Cancelled.")

    with pytest.raises(CancelledError):
        write_and_cancel()
    assert path.read_bytes() == b"old"
    assert names_in(tmp_path) == ["a.png"]


@pytest.mark.parametrize("name", ["a.gif", "a", "a.png.bak", ".png"])
def test_an_unknown_ending_lists_the_known_ones(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match=r"\.png, \.jpg, \.jpeg, \.tif, \.tiff, \.webp"):
        check_writable(tmp_path / name)


@pytest.mark.parametrize("name", ["a.PNG", "a.Jpeg", "a.TIF", "a.b.webp"])
def test_the_ending_counts_in_any_case(tmp_path: Path, name: str) -> None:
    check_writable(tmp_path / name)
    assert names_in(tmp_path) == []


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="does not exist"):
        check_writable(tmp_path / "none" / "a.png")


def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.png").mkdir()
    with pytest.raises(OutputError, match="is not a file"):
        check_writable(tmp_path / "a.png")


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "folder").write_bytes(b"")
    with pytest.raises(OutputError, match="does not exist"):
        check_writable(tmp_path / "folder" / "a.png")


def test_a_name_that_is_too_long_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="too long"):
        check_writable(tmp_path / ("a" * 300 + ".png"))


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may write everywhere"
)
def test_closed_folders_and_protected_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"old")
    (tmp_path / "a.png").chmod(0o444)
    with pytest.raises(OutputError, match="write-protected"):
        check_writable(tmp_path / "a.png")
    tmp_path.chmod(0o555)
    with pytest.raises(OutputError, match="no permission"):
        check_writable(tmp_path / "b.png")
    tmp_path.chmod(0o755)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permission bits")
def test_permissions_of_the_old_file_and_links_are_kept(tmp_path: Path) -> None:
    (tmp_path / "real.png").write_bytes(b"old")
    (tmp_path / "real.png").chmod(0o640)
    (tmp_path / "link.png").symlink_to(tmp_path / "real.png")
    write_picture(tmp_path / "link.png", NOISE)
    assert (tmp_path / "link.png").is_symlink()
    assert read_picture(tmp_path / "real.png").picture.width == 300
    assert stat.S_IMODE((tmp_path / "real.png").stat().st_mode) == 0o640


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permission bits")
def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    write_picture(tmp_path / "a.png", NOISE)
    assert (tmp_path / "a.png").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_relative_name_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    check_writable(Path("a.png"))
    write_picture(Path("a.png"), NOISE)
    assert names_in(tmp_path) == ["a.png"]
