"""Which action is where: menus, tool bar and the layer list's buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frih_plugin.hosts.standalone.about import AboutWindow
from frih_plugin.hosts.standalone.actions import Actions, Offer
from frih_plugin.hosts.standalone.layers.commands import LayerCommands
from frih_plugin.hosts.standalone.layers.layer_panel import LayerPanel
from frih_plugin.qt.core import QSize, Qt
from frih_plugin.qt.gui import QKeySequence
from frih_plugin.qt.widgets import QMenu, QSizePolicy, QToolBar, QWidget
from frih_plugin.texts import text

if TYPE_CHECKING:
    from frih_plugin.hosts.standalone.window import EditorWindow

_Keys = QKeySequence.StandardKey


def fill_menus(window: EditorWindow) -> QMenu:
    """Make all menus; gives the one that the docks' switches go to."""
    _offer_file(window)
    _offer_edit(window)
    _offer_view(window)
    window.actions_by_name.add(
        "about", Offer(text("&About FRIH Harmonize"), lambda: AboutWindow(window).show())
    )
    _file_menu(window)
    _menu(window, text("&Edit"), _EDIT)
    layer = _menu(window, text("&Layer"), _LAYER)
    layer.setObjectName("layer_menu")
    view = _menu(window, text("&View"), _VIEW)
    _menu(window, text("&Help"), ("about",))
    return view


_EDIT = (
    *("undo", "redo", "", "copy", "paste", ""),
    *("select_all", "select_none", "invert_selection", "", "delete_layer"),
)
_LAYER = (
    *("place", "cut_out", "duplicate", "rename", "delete_layer"),
    *("", "raise", "lower"),
)
_VIEW = ("zoom_in", "zoom_out", "actual_size", "fit", "show_layer", "")


def offer_layer_commands(actions: Actions, commands: LayerCommands, panel: LayerPanel) -> None:
    """The layer actions, also as buttons and on a right click."""
    offers = {
        "duplicate": Offer(
            text("&Duplicate layer"), commands.duplicate, "Ctrl+D", "duplicate", "layer"
        ),
        "cut_out": Offer(
            text("Selection to &new layer"), commands.cut_out, "Ctrl+J", "", "selection"
        ),
        "rename": Offer(text("&Rename layer"), panel.list.rename_active, "F2", "", "layer"),
        "delete_layer": Offer(text("D&elete layer"), commands.delete, "Del", "delete", "layer"),
        "raise": Offer(text("&Raise layer"), lambda: commands.shift(1), "Ctrl+PgUp", "up", "layer"),
        "lower": Offer(
            text("&Lower layer"), lambda: commands.shift(-1), "Ctrl+PgDown", "down", "layer"
        ),
    }
    for name, offer in offers.items():
        actions.add(name, offer)
    buttons = [actions[name] for name in ("raise", "lower", "duplicate", "delete_layer")]
    menu = [actions[name] for name in ("rename", "duplicate", "cut_out", "delete_layer")]
    panel.add_actions(buttons, menu)


def fill_tool_bar(window: EditorWindow) -> None:
    """Files, steps, tools and the feather."""
    bar = QToolBar(text("Tools"))
    bar.setObjectName("tools")
    bar.setMovable(False)
    bar.setIconSize(QSize(20, 20))
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    actions = window.actions_by_name
    for name in ("open", "save", "place", "", "undo", "redo", ""):
        _ = bar.addAction(actions[name]) if name else bar.addSeparator()
    bar.addActions(list(window.toolbox.actions))
    bar.addAction(window.toolbox.feather_action)
    gap = QWidget()
    gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    bar.addWidget(gap)
    for name in ("zoom_out", "zoom_in", "fit"):
        bar.addAction(actions[name])
    window.addToolBar(bar)


def _offer_file(window: EditorWindow) -> None:
    actions, files = window.actions_by_name, window.file_menu
    offers = {
        "new": Offer(text("&New from picture…"), files.new_from_picture, _Keys.New),
        "open": Offer(text("&Open…"), files.ask_to_open, _Keys.Open, "open"),
        "example": Offer(text("Open e&xample"), files.show_example),
        "place": Offer(
            text("&Place picture…"), files.ask_to_place, "Ctrl+Shift+P", "place", "document"
        ),
        "save": Offer(text("&Save"), files.save, _Keys.Save, "save", "document"),
        "save_as": Offer(text("Save &as…"), files.save_as, "Ctrl+Shift+S", "", "document"),
        "export": Offer(text("&Export…"), files.export, "Ctrl+Shift+E", "", "document"),
        "quit": Offer(text("&Quit"), lambda: _close(window), "Ctrl+Q"),
    }
    for name, offer in offers.items():
        actions.add(name, offer)


def _offer_edit(window: EditorWindow) -> None:
    actions, editing, session = window.actions_by_name, window.editing, window.session
    offers = {
        "undo": Offer(text("&Undo"), session.undo, "Ctrl+Z", "undo", "undo"),
        "redo": Offer(text("&Redo"), session.redo, "Ctrl+Shift+Z, Ctrl+Y", "redo", "redo"),
        "copy": Offer(text("&Copy"), editing.copy, _Keys.Copy, "", "layer"),
        "paste": Offer(text("&Paste as layer"), editing.paste, _Keys.Paste),
        "select_all": Offer(
            text("Select &all"), editing.select_all, _Keys.SelectAll, "", "document"
        ),
        "select_none": Offer(
            text("Select n&one"), editing.select_none, "Ctrl+Shift+A", "", "selection"
        ),
        "invert_selection": Offer(
            text("&Invert selection"), editing.invert_selection, "Ctrl+I", "", "document"
        ),
    }
    for name, offer in offers.items():
        actions.add(name, offer)


def _offer_view(window: EditorWindow) -> None:
    actions, canvas = window.actions_by_name, window.canvas
    offers = {
        "zoom_in": Offer(
            text("Zoom &in"), lambda: canvas.zoom_by(1), "Ctrl++, Ctrl+=", "zoom_in", "document"
        ),
        "zoom_out": Offer(
            text("Zoom &out"), lambda: canvas.zoom_by(-1), "Ctrl+-", "zoom_out", "document"
        ),
        "actual_size": Offer(
            text("&Actual size"), lambda: canvas.zoom_to(1), "Ctrl+1", "", "document"
        ),
        "fit": Offer(text("&Fit in window"), canvas.fit, "Ctrl+0", "fit", "document"),
        "show_layer": Offer(text("Show &layer"), window.editing.show_layer, "Ctrl+2", "", "layer"),
    }
    for name, offer in offers.items():
        actions.add(name, offer)


def _file_menu(window: EditorWindow) -> None:
    names = ("new", "open", "recent", "example", "", "place", "")
    menu = _menu(window, text("&File"), names)
    for name in ("save", "save_as", "export", "", "quit"):
        _ = menu.addAction(window.actions_by_name[name]) if name else menu.addSeparator()


def _menu(window: EditorWindow, title: str, names: tuple[str, ...]) -> QMenu:
    menu = QMenu(title, window)
    for name in names:
        if name == "recent":
            menu.addMenu(_recent_menu(window))
        elif name:
            menu.addAction(window.actions_by_name[name])
        else:
            menu.addSeparator()
    bar = window.menuBar()
    if bar is not None:
        bar.addMenu(menu)
    return menu


def _recent_menu(window: EditorWindow) -> QMenu:
    menu = QMenu(text("Open &recent"), window)
    menu.setToolTipsVisible(True)
    window.file_menu.fill_recent(menu)
    window.preferences.recent_changed.connect(lambda: window.file_menu.fill_recent(menu))
    return menu


def _close(window: EditorWindow) -> None:
    window.close()
