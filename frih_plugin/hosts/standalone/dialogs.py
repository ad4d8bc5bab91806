"""Asks for files. The dialogs do not block: the answer comes to a function."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from frih_plugin.qt.widgets import QFileDialog, QWidget
from frih_plugin.texts import text

_OPENED = "*.ora *.png *.jpg *.jpeg *.tif *.tiff *.webp"


def ask_to_open(
    parent: QWidget, title: str, folder: Path, then: Callable[[tuple[Path, ...]], None]
) -> QFileDialog:
    """Ask for pictures to read."""
    dialog = _dialog(parent, title, folder)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilters([text("Pictures") + f" ({_OPENED})", text("All files") + " (*)"])

    def answer(names: list[str]) -> None:
        then(tuple(Path(name) for name in names))

    dialog.filesSelected.connect(answer)
    dialog.open()
    return dialog


def ask_to_save(
    parent: QWidget, title: str, suggested: Path, kinds: list[str], then: Callable[[Path], None]
) -> QFileDialog:
    """Ask for a name to write to. kinds: endings with a dot, the first for names without one."""
    dialog = _dialog(parent, title, suggested.parent)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(kinds[0].removeprefix("."))
    dialog.setNameFilters([_filter(kind) for kind in kinds])
    dialog.selectFile(suggested.name)

    def take_ending(chosen: str) -> None:
        dialog.setDefaultSuffix(chosen.rpartition("*.")[2].rstrip(")"))

    def answer(name: str) -> None:
        then(Path(name))

    dialog.filterSelected.connect(take_ending)
    dialog.fileSelected.connect(answer)
    dialog.open()
    return dialog


def _dialog(parent: QWidget, title: str, folder: Path) -> QFileDialog:
    dialog = QFileDialog(parent, title, str(folder))
    dialog.finished.connect(dialog.deleteLater)
    return dialog


def _filter(kind: str) -> str:
    names = {
        ".ora": text("OpenRaster, keeps layers"),
        ".tif": text("TIFF, keeps layers"),
        ".png": text("PNG"),
        ".jpg": text("JPEG"),
        ".webp": text("WebP"),
    }
    return f"{names[kind]} (*{kind})"
