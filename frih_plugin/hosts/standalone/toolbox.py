"""The tools, one of them in hand, and the feather of those that select."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from frih_plugin.hosts.standalone.canvas.canvas import Canvas
from frih_plugin.hosts.standalone.icons import icon
from frih_plugin.hosts.standalone.preferences import Preferences
from frih_plugin.hosts.standalone.session import EditorSession
from frih_plugin.hosts.standalone.tools.lasso import LassoTool
from frih_plugin.hosts.standalone.tools.move import MoveTool
from frih_plugin.hosts.standalone.tools.rectangle import RectangleTool
from frih_plugin.hosts.standalone.tools.selecting import SelectionTool
from frih_plugin.hosts.standalone.tools.tool import Tool
from frih_plugin.qt.core import QObject, Signal
from frih_plugin.qt.gui import QAction, QActionGroup, QKeySequence
from frih_plugin.qt.widgets import QDoubleSpinBox, QWidgetAction
from frih_plugin.texts import text

_MOST_FEATHER_PX = 250.0


@dataclass(frozen=True, slots=True)
class _Kind:
    tool: Tool
    icon: str
    name: str
    key: str
    hint: str


class Toolbox(QObject):
    """actions: one of them is checked, and its tool is in the canvas's hand."""

    failed = Signal(str)

    def __init__(
        self,
        session: EditorSession,
        canvas: Canvas,
        preferences: Preferences,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._canvas, self._preferences = canvas, preferences
        self.rectangle, self.lasso = RectangleTool(session, self), LassoTool(session, self)
        self.move = MoveTool(session, self)
        self.feather = QDoubleSpinBox()
        self.feather_action = QWidgetAction(self)
        self.feather_action.setDefaultWidget(self.feather)
        self._group = QActionGroup(self)
        self.actions = tuple(self._action(kind) for kind in self._kinds())
        self._set_up_feather()
        self.actions[0].trigger()

    def _kinds(self) -> tuple[_Kind, ...]:
        combine = text("Shift adds to the selection, Alt takes away.")
        return (
            _Kind(
                self.move,
                "move",
                text("Move"),
                "V",
                text("Move, scale and rotate the layer by its handles."),
            ),
            _Kind(
                self.rectangle,
                "rectangle",
                text("Select a rectangle"),
                "M",
                combine,
            ),
            _Kind(self.lasso, "lasso", text("Select by drawing"), "L", combine),
            _Kind(
                self._canvas.hand,
                "hand",
                text("Hand"),
                "H",
                text("Drag the picture; so do the middle button and the space bar."),
            ),
        )

    def _action(self, kind: _Kind) -> QAction:
        action = QAction(icon(kind.icon), kind.name, self)
        action.setCheckable(True)
        action.setShortcut(QKeySequence(kind.key))
        action.setToolTip(f"<b>{kind.name}</b> ({kind.key})<br>{kind.hint}")
        action.triggered.connect(self._taker(kind.tool))
        kind.tool.failed.connect(self.failed)
        self._group.addAction(action)
        return action

    def _taker(self, tool: Tool) -> Callable[[], None]:
        def take() -> None:
            self._canvas.use(tool)
            self.feather_action.setVisible(isinstance(tool, SelectionTool))

        return take

    def _set_up_feather(self) -> None:
        box = self.feather
        box.setRange(0, _MOST_FEATHER_PX)
        box.setDecimals(1)
        box.setPrefix(text("Feather") + " ")
        box.setSuffix(" px")
        box.setAccessibleName(text("Feather"))
        box.setToolTip(text("How soft the edge of the next selection becomes"))
        box.valueChanged.connect(self._take_feather)
        box.editingFinished.connect(self._canvas.setFocus)
        box.setValue(self._preferences.feather_px)

    def _take_feather(self, feather_px: float) -> None:
        self.rectangle.feather_px = self.lasso.feather_px = feather_px
        self._preferences.keep_feather(feather_px)
