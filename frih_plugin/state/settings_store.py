"""Remembered settings and presets: one JSON file in the person's own folder."""

from __future__ import annotations

import contextlib
import json
import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from frih_plugin.state.settings_json import settings_from_json, settings_to_json
from frih_plugin.state.values import PanelSettings
from frih_plugin.texts import text

_log = logging.getLogger(__name__)
FILE_NAME = "settings.json"


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is kept between sessions. presets: by name."""

    settings: PanelSettings = field(default_factory=PanelSettings)
    presets: Mapping[str, PanelSettings] = field(default_factory=dict[str, PanelSettings])


class SettingsStore:
    """The file of one person in `folder`, which is made when something is kept."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME

    def load(self) -> tuple[Remembered, str]:
        """What was kept, and one sentence where something went wrong, else "".

        Without a file, or with one that cannot be read, there are the defaults. A damaged file
        is set aside under another name, so that nothing overwrites it.
        """
        try:
            content = _object(self._path.read_bytes())
        except FileNotFoundError:
            return Remembered(), ""
        except OSError as error:
            return Remembered(), self._unreadable(error)
        except ValueError as error:
            return Remembered(), self._set_aside(error)
        return _from_json(content), ""

    def save(self, remembered: Remembered) -> str:
        """Keep all of it, whole or not at all. Returns a sentence where that failed, else ""."""
        content = json.dumps(_to_json(remembered), indent=1, ensure_ascii=False)
        temporary = self._path.with_name(f".{secrets.token_hex(6)}.part")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Not forced to the disk first: that can take long, and the interface would stand.
            temporary.write_text(content, encoding="utf-8")
            temporary.replace(self._path)
        except OSError as error:
            _log.warning("The settings were not kept: %s", error)
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
            return text(
                "Your settings could not be kept in {path}: {reason}.",
                path=self._path,
                reason=error.strerror or error,
            )
        return ""

    def _unreadable(self, error: OSError) -> str:
        _log.warning("The settings were not read: %s", error)
        return text(
            "Your settings in {path} could not be read ({reason}), so the defaults are used.",
            path=self._path,
            reason=error.strerror or error,
        )

    def _set_aside(self, error: ValueError) -> str:
        _log.warning("The settings are damaged: %s", error)
        aside = self._path.with_name(FILE_NAME + ".damaged")
        try:
            self._path.replace(aside)
        except OSError as failure:
            return self._unreadable(failure)
        return text(
            "Your settings were damaged: they were set aside as {path}, and the defaults are used.",
            path=aside,
        )


def _object(data: bytes) -> Mapping[str, Any]:
    """The JSON object in `data`. Raises ValueError for anything else."""
    try:
        content = json.loads(data)
    except RecursionError as error:
        raise ValueError("It is nested too deeply.") from error
    if not isinstance(content, dict):
        raise ValueError("It is no JSON object.")  # noqa: TRY004 - damaged like any other
    return cast("Mapping[str, Any]", content)


def _to_json(remembered: Remembered) -> dict[str, Any]:
    presets = {name: settings_to_json(preset) for name, preset in remembered.presets.items()}
    return {"settings": settings_to_json(remembered.settings), "presets": presets}


def _from_json(content: Mapping[str, Any]) -> Remembered:
    presets = content.get("presets")
    named = cast("Mapping[str, object]", presets if isinstance(presets, dict) else {})
    return Remembered(
        settings_from_json(content.get("settings")),
        {name: settings_from_json(preset) for name, preset in named.items()},
    )
