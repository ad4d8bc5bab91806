"""What the window remembers: its place, and the files opened last. In a file of its own."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from frih_plugin.qt.core import QByteArray, QObject, QSettings, QStandardPaths, Signal

_MOST_RECENT = 10
_GEOMETRY, _STATE, _RECENT, _FEATHER = "geometry", "state", "recent", "feather"


def default_file() -> Path:
    """Where the settings of this person's editor lie."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppConfigLocation)
    return Path(folder) / "editor.ini"


class Preferences(QObject):
    """Whatever cannot be read counts as not set: a damaged file is no reason not to start."""

    recent_changed = Signal()

    def __init__(self, file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.file = file
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)

    @property
    def geometry(self) -> QByteArray | None:
        """The window's size and place."""
        return self._bytes(_GEOMETRY)

    @property
    def state(self) -> QByteArray | None:
        """Where docks and tool bars are."""
        return self._bytes(_STATE)

    def keep_window(self, geometry: QByteArray, state: QByteArray) -> None:
        """Remember the window."""
        self._settings.setValue(_GEOMETRY, geometry)
        self._settings.setValue(_STATE, state)
        self._settings.sync()

    @property
    def recent(self) -> tuple[Path, ...]:
        """The files opened or saved last, the latest first."""
        value: object = self._settings.value(_RECENT)
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list):
            return ()
        items = cast("list[object]", value)
        return tuple(Path(item) for item in items if isinstance(item, str) and item)[:_MOST_RECENT]

    def add_recent(self, path: Path) -> None:
        """Put a file in front."""
        others = [other for other in self.recent if other != path]
        self._keep_recent([path, *others])

    def clear_recent(self) -> None:
        """Forget the files."""
        self._keep_recent([])

    @property
    def feather_px(self) -> float:
        """How soft selections become."""
        try:
            return min(max(float(str(self._settings.value(_FEATHER))), 0.0), 250.0)
        except ValueError:
            return 0.0

    def keep_feather(self, feather_px: float) -> None:
        """Remember how soft selections become."""
        self._settings.setValue(_FEATHER, feather_px)

    def _keep_recent(self, paths: list[Path]) -> None:
        self._settings.setValue(_RECENT, [str(path) for path in paths[:_MOST_RECENT]])
        self._settings.sync()
        self.recent_changed.emit()

    def _bytes(self, key: str) -> QByteArray | None:
        value: object = self._settings.value(key)
        return value if isinstance(value, QByteArray) else None
