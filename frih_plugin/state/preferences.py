"""The settings in use and the presets, kept between sessions."""

from __future__ import annotations

from frih_plugin.qt.core import QObject, Signal
from frih_plugin.state.settings_store import Remembered, SettingsStore
from frih_plugin.state.values import PanelSettings


class Preferences(QObject):
    """changed(), presets_changed(): what they say; troubled(sentence): the file made trouble."""

    changed = Signal()
    presets_changed = Signal()
    troubled = Signal(str)

    def __init__(self, store: SettingsStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._settings = PanelSettings()
        self._presets: dict[str, PanelSettings] = {}
        self._saved: Remembered | None = None

    @property
    def settings(self) -> PanelSettings:
        """The settings in use."""
        return self._settings

    @property
    def presets(self) -> tuple[str, ...]:
        """The names of all presets, in order."""
        return tuple(sorted(self._presets, key=str.casefold))

    def preset(self, name: str) -> PanelSettings | None:
        """The settings of a preset, None where there is none of this name."""
        return self._presets.get(name)

    def load(self) -> None:
        """Take what was kept."""
        remembered, sentence = self._store.load()
        self._saved = remembered
        self._presets = dict(remembered.presets)
        self.presets_changed.emit()
        self.use(remembered.settings)
        if sentence:
            self.troubled.emit(sentence)

    def use(self, settings: PanelSettings) -> bool:
        """Use other settings. Returns whether they are other ones."""
        if settings == self._settings:
            return False
        self._settings = settings
        self.changed.emit()
        return True

    def save(self) -> None:
        """Keep all that is not kept yet."""
        remembered = Remembered(self._settings, dict(self._presets))
        if remembered == self._saved:
            return
        self._saved = remembered
        sentence = self._store.save(remembered)
        if sentence:
            self.troubled.emit(sentence)

    def save_preset(self, name: str) -> None:
        """Keep the settings in use under a name, in place of a preset of this name."""
        name = name.strip()
        if name:
            self._change_presets({**self._presets, name: self._settings})

    def delete_preset(self, name: str) -> None:
        """Forget a preset; an unknown name is no error."""
        self._change_presets({key: kept for key, kept in self._presets.items() if key != name})

    def _change_presets(self, presets: dict[str, PanelSettings]) -> None:
        if presets != self._presets:
            self._presets = presets
            self.presets_changed.emit()
            self.save()
