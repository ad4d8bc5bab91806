"""Renders every state of the panel at this process's scale; started by make_screenshots.py."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from example_pose import ExamplePose, pose_example
from posed_state import PosedState
from screenshot_pages import shoot_pages

from frih_plugin.hosts.host import Capabilities, Subject
from frih_plugin.panel.panel import HarmonizePanel
from frih_plugin.qt.core import Qt
from frih_plugin.qt.gui import QColor, QPalette
from frih_plugin.qt.widgets import QApplication, QStyleFactory
from frih_plugin.state import notices
from frih_plugin.state.granularity import cutoff_distance
from frih_plugin.state.values import EngineStatus, Job, RegionMap
from frih_plugin.texts import text, use_language

_STOP = 12
Pose = Callable[[PosedState, HarmonizePanel], None]


def main() -> None:
    """Every state in both palettes and languages, as STATE-PALETTE-LANGUAGE-SCALE.png."""
    folder, width, height = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    app = QApplication(sys.argv[:1])
    app.setStyle(QStyleFactory.create("Fusion"))
    example = pose_example("cake", cutoff_distance(_STOP))
    scale = round(100 * app.devicePixelRatio())
    for language in ("en", "de"):
        use_language(language)
        for name, palette in (("light", light_palette()), ("dark", dark_palette())):
            app.setPalette(palette)
            for state_name, pose in POSES.items():
                path = folder / f"{state_name}-{name}-{language}-{scale}.png"
                shoot(example, pose, (width, height), path)
            shoot_pages(folder, f"{name}-{language}-{scale}", width)


def shoot(example: ExamplePose, pose: Pose, size: tuple[int, int], path: Path) -> None:
    """Pose a panel and write how it looks."""
    state = ready_state(example)
    if pose is pose_options:  # what an editor can do never changes under a panel
        state.capabilities = BARE_EDITOR
    panel = HarmonizePanel(state.as_panel_state())
    panel.resize(*size)
    panel.show()
    pose(state, panel)
    state.announce()
    QApplication.processEvents()
    panel.grab().save(str(path))
    panel.close()
    panel.deleteLater()
    QApplication.processEvents()


def ready_state(example: ExamplePose) -> PosedState:
    """A usable layer, opened, with a result."""
    state = PosedState()
    state.subject = Subject("doc", "layer", "Cake slice", example.thumbnail)
    state.pictures, state.region_map = example.pictures, example.regions
    state.can_harmonize = True
    state.settings = replace(state.settings, stop=_STOP)
    state.last_seconds = 0.84
    state.presets = (text("Gentle"),)
    return state


def pose_empty(state: PosedState, panel: HarmonizePanel) -> None:  # noqa: ARG001 - a Pose
    """No picture is open."""
    state.subject = Subject()
    _forget(state)


def pose_unusable(state: PosedState, panel: HarmonizePanel) -> None:  # noqa: ARG001 - a Pose
    """A layer that cannot be harmonized."""
    state.subject = replace(
        state.subject,
        unusable=text("The layer “{name}” is locked: unlock it first.", name=state.subject.name),
    )
    _forget(state)


def pose_ready(state: PosedState, panel: HarmonizePanel) -> None:  # noqa: ARG001 - a Pose
    """A usable layer that nobody has touched yet."""
    _forget(state)
    state.can_harmonize = True


def pose_result(state: PosedState, panel: HarmonizePanel) -> None:
    """After a click."""


def pose_busy_early(state: PosedState, panel: HarmonizePanel) -> None:  # noqa: ARG001 - a Pose
    """The layer is being fetched for the first time."""
    _forget(state)
    state.job, state.engine = Job("open", 0.08), EngineStatus("busy", state.engine.device)


def pose_busy_late(state: PosedState, panel: HarmonizePanel) -> None:  # noqa: ARG001 - a Pose
    """Most of the work is done."""
    state.job, state.engine = Job("refined", 0.7), EngineStatus("busy", state.engine.device)


def pose_regions(state: PosedState, panel: HarmonizePanel) -> None:
    """All regions shown, one of them under the mouse."""
    panel.compare.regions.setChecked(True)
    state.hovered = 1


def pose_region_off(state: PosedState, panel: HarmonizePanel) -> None:
    """One region off, another at half strength."""
    panel.compare.regions.setChecked(True)
    found = state.region_map
    if found is not None:
        first, second, *rest = found.regions
        regions = (replace(first, on=False), replace(second, strength=0.5), *rest)
        state.region_map = RegionMap(found.labels, regions)


def pose_split(state: PosedState, panel: HarmonizePanel) -> None:  # noqa: ARG001 - a Pose
    """Before and after beside each other."""
    panel.compare.split.setChecked(True)


def pose_error(state: PosedState, panel: HarmonizePanel) -> None:  # noqa: ARG001 - a Pose
    """A notice with a button."""
    state.notice = notices.engine_lost(can_retry=True)


def pose_restarting(state: PosedState, panel: HarmonizePanel) -> None:  # noqa: ARG001 - a Pose
    """The engine comes back."""
    state.engine = EngineStatus("restarting", state.engine.device)
    state.can_harmonize = False


def pose_fitting(state: PosedState, panel: HarmonizePanel) -> None:  # noqa: ARG001 - a Pose
    """The engine suggests to change nothing."""
    state.strength = 0.0
    state.notice = notices.already_fits(state.subject.name)


def pose_options(state: PosedState, panel: HarmonizePanel) -> None:  # noqa: ARG001 - a Pose
    """Everything open, in an editor that cannot do everything."""
    panel.options_section.title.setChecked(True)
    panel.presets_section.title.setChecked(True)
    panel.resize(panel.width(), panel.height() + 300)


POSES: dict[str, Pose] = {
    "01-empty": pose_empty,
    "02-unusable": pose_unusable,
    "03-ready": pose_ready,
    "04-busy-early": pose_busy_early,
    "05-busy-late": pose_busy_late,
    "06-result": pose_result,
    "07-split": pose_split,
    "08-regions": pose_regions,
    "09-region-off": pose_region_off,
    "10-error": pose_error,
    "11-restarting": pose_restarting,
    "12-fitting": pose_fitting,
    "13-options": pose_options,
}


BARE_EDITOR = Capabilities(
    into_layer=False, update=False, canvas_preview=False, stores_settings=False
)


def light_palette() -> QPalette:
    """As Fusion has it on a light desktop."""
    return _palette("#efefef", "#ffffff", "#1d1d1d", "#3584e4")


def dark_palette() -> QPalette:
    """As Krita's default theme has it."""
    return _palette("#474747", "#3b3b3b", "#c8c8c8", "#5680c2")


def _palette(window: str, base: str, words: str, highlight: str) -> QPalette:
    palette = QPalette(QColor(window), QColor(window))
    role, dim = QPalette.ColorRole, QColor(words)
    dim.setAlpha(110)
    for name in (role.WindowText, role.Text, role.ButtonText, role.ToolTipText):
        palette.setColor(name, QColor(words))
        palette.setColor(QPalette.ColorGroup.Disabled, name, dim)
    palette.setColor(role.Base, QColor(base))
    palette.setColor(role.Highlight, QColor(highlight))
    palette.setColor(role.HighlightedText, QColor(Qt.GlobalColor.white))
    return palette


def _forget(state: PosedState) -> None:
    state.pictures = state.region_map = state.last_seconds = None
    state.can_harmonize = False


if __name__ == "__main__":
    main()
