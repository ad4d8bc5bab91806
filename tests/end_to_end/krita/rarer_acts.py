"""What a person does more rarely: other targets and kinds of layers, the menu, several windows."""

import importlib
import sys
from pathlib import Path

from krita import InfoObject, Selection
from pictures import app, difference, ids, shown, tree, undo_steps

from frih_plugin.protocol.messages import Harmonize
from frih_plugin.qt.binding import BINDING
from frih_plugin.qt.core import QByteArray, Qt
from frih_plugin.qt.widgets import QAbstractItemView, QDockWidget

QTest = importlib.import_module(f"{BINDING}.QtTest").QTest
QtWidgets = importlib.import_module(f"{BINDING}.QtWidgets")
QtCore = importlib.import_module(f"{BINDING}.QtCore")

U8 = ("RGBA", "U8")
KINDS = (
    "soft mask",
    "alpha locked",
    "vector",
    "file",
    "fill",
    "pass-through",
    "faint pass-through",
)
CIRCLE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="600pt" height="450pt">'
    '<circle cx="200" cy="200" r="90" fill="#40a0ff" fill-opacity="0.8"/></svg>'
)


class RarerActs:
    """The other half of story.py's Actor."""

    def start(self):
        """What is there after a start, and that it came out of the zip."""
        module = Path(sys.modules["frih_harmonize"].__file__).parent
        main, action = app().activeWindow().qwindow(), app().action("frih_harmonize")
        scripts = app().action("tools_scripts")
        menus = [menu for menu in action.associatedWidgets() if menu.inherits("QMenu")]
        self.report["start"] = {
            "from the zip": (module / "files.json").is_file(),
            "manual": (module / "Manual.html").is_file(),
            "engine": len(list((module / "engine_files").glob("*.whl"))),
            "docks": sum(dock.objectName() == "frih_harmonize" for dock in app().dockers()),
            "action": action.text(),
            "shortcut": action.shortcut().toString(),
            "menus": [menu.title() for menu in menus] or scripts is not None,
            "window": main.isVisible(),
        }
        yield 0

    def background(self):
        told = self.report["background"] = {}
        for kind in ("plain", "in a group"):
            document, node = yield from self.pasted(U8)
            node = self.made(document, node, kind)
            yield 600
            self.state.set_target("background")
            told[kind] = yield from self.background_of(document, node)
            self.state.set_target("layer")
            yield from self.close(document)

    def background_of(self, document, node):
        yield from self.ready(document, node)
        before, order, steps = shown(document), ids(document), undo_steps()
        result = yield from self.harmonize(document)
        if result is None:
            return {"notice": self.said()}
        after, key = shown(document), result.uniqueId()
        told = {"undo steps": undo_steps() - steps, "name": result.name()}
        outermost = node if node.parentNode().parentNode() is None else node.parentNode()
        above = order.index(outermost.uniqueId())
        told["right below"] = ids(document) == [*order[:above], key, *order[above:]]
        told["changed"] = difference(document, before, after)[0]
        told["pixels"] = yield from self.is_what_the_engine_made(document, result)
        told["active"] = document.activeNode().name()
        yield from self.step("edit_undo")
        told["undone"] = shown(document) == before and ids(document) == order
        yield from self.step("edit_redo")
        told["redone"] = shown(document) == after
        yield from self.ready(document, node)
        yield from self.harmonize(document)
        told["a second time"] = difference(document, after, shown(document))[0]
        told["layers"] = [child.name() for child in tree(document)]
        return told

    def is_what_the_engine_made(self, document, result):
        work, answers = self.state._work, []
        ask = Harmonize(work.opened.key, work._result_settings())
        self.state._engine_calls.ask(ask, answers.append)
        yield from self.wait("the changed pixels", lambda: answers)
        made = bytes(result.pixelData(0, 0, document.width(), document.height()))
        return made == bytes(answers[0].layer.data)

    def rarer_layers(self):
        for kind in KINDS:
            document, node = yield from self.pasted(U8)
            node = yield from self.rarely_made(document, node, kind)
            yield 900
            document.refreshProjection()
            yield from self.check(f"kind {kind}", document, node)

    def rarely_made(self, document, node, kind):
        root, top = document.rootNode(), node
        if kind == "soft mask":
            document.setActiveNode(node)
            yield 300
            yield from self.step("add_new_transparency_mask")
            mask = node.childNodes()[0]
            row = bytes(min(255, max(0, x - 60)) for x in range(document.width()))
            size = document.width(), document.height()
            mask.setPixelData(QByteArray(row * size[1]), 0, 0, *size)
        elif kind == "alpha locked":
            node.setAlphaLocked(True)
        elif kind == "vector":
            top = document.createVectorLayer("vector")
        elif kind == "file":
            picture = str(self.stage.folder / "placed.png")
            node.thumbnail(200, 200).save(picture)
            top = document.createFileLayer("file", picture, "None")
        elif kind == "fill":
            area = Selection()
            area.select(100, 120, 200, 200, 255)
            area.feather(10)
            settings = InfoObject()
            settings.setProperty(
                "color", "<!DOCTYPE color><color><sRGB r='0.2' g='0.6' b='1'/></color>"
            )
            top = document.createFillLayer("fill", "color", settings, area)
        elif kind == "pass-through":
            top = self.made(document, node, "group")
            top.setPassThroughMode(True)
        if kind in ("vector", "file", "fill"):
            root.removeChildNode(node)
            root.addChildNode(top, root.childNodes()[-1])
        if kind == "vector":
            top.addShapesFromSvg(CIRCLE)
        return top

    def several_layers(self):
        document, node = yield from self.pasted(U8)
        more = document.createNode("more", "paintlayer")
        dots = bytes([40, 200, 250, 200]) * 3600
        more.setPixelData(QByteArray(dots), 300, 60, 60, 60)
        document.rootNode().addChildNode(more, node)
        yield 700
        yield from self.ready(document, node)
        self.mark(["cake", "more"])
        yield from self.wait("both", lambda: self.state.subject.name == "2 layers")
        yield from self.wait("quiet", lambda: not self.host._stepper._jobs)
        before, order, steps = shown(document), ids(document), undo_steps()
        result = yield from self.harmonize(document)
        told = self.report["several"] = {"notice": self.said()}
        if result is not None:
            bounds, after = result.bounds(), shown(document)
            told["box"] = [bounds.x(), bounds.y(), bounds.width(), bounds.height()]
            told["undo steps"] = undo_steps() - steps
            told["on top"] = ids(document) == [*order, result.uniqueId()]
            told["changed"] = difference(document, before, after)[0]
            yield from self.step("edit_undo")
            told["undone"] = shown(document) == before and ids(document) == order
            yield from self.step("edit_redo")
            told["redone"] = shown(document) == after
        yield from self.close(document)

    def mark(self, names):
        """Select rows in the list of layers, as clicks with Ctrl do."""
        flag = QtCore.QItemSelectionModel.SelectionFlag
        for view in app().activeWindow().qwindow().findChildren(QAbstractItemView):
            if view.objectName() == "listLayers":
                model = view.model()
                for row in range(model.rowCount()):
                    index = model.index(row, 0)
                    if index.data() in names:
                        view.selectionModel().select(index, flag.Select | flag.Rows)

    def menu_action(self):
        document, node = yield from self.pasted(U8)
        yield from self.ready(document, node)
        told = self.report["action"] = {}
        main = app().activeWindow().qwindow()
        for way in ("menu", "shortcut"):
            before = len(tree(document))
            if way == "menu":
                app().action("frih_harmonize").trigger()
            else:
                yield from self.ready(document, node)
                main.activateWindow()
                yield 300
                keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
                QTest.keyClick(main, Qt.Key.Key_H, keys)
            yield 3000
            yield from self.wait("the result", lambda: self.state.job is None)
            yield 500
            told[way] = len(tree(document)) - before
        yield from self.close(document)

    def two_windows(self):
        """Three pictures: two in one window, one in another."""
        first, one = yield from self.pasted(U8)
        second, _ = yield from self.pasted(U8)
        told = self.report["windows"] = {}
        main = app().activeWindow()
        yield from self.to_front(main, 0)
        told["front"] = app().activeDocument() == first
        told["behind"] = yield from self.only_this(first, one, [second])
        other = app().openWindow()
        yield 2500
        yield from self.bring(other)
        third, three = yield from self.pasted(U8)
        yield from self.bring(other)
        told["its window"] = any(view.document() == third for view in other.views())
        told["other front"] = app().activeDocument() == third
        told["other window"] = yield from self.only_this(third, three, [first, second])
        yield from self.bring(main)
        told["first again"] = app().activeDocument() == first
        told["back"] = yield from self.only_this(first, one, [second, third])
        told["docks"] = [
            len(
                [
                    dock
                    for dock in window.qwindow().findChildren(QDockWidget)
                    if dock.objectName() == "frih_harmonize"
                ]
            )
            for window in app().windows()
        ]
        for document in (third, second, first):
            yield from self.close(document)

    def to_front(self, window, number):
        """As a click on the tab of a picture."""
        area = window.qwindow().findChild(QtWidgets.QMdiArea)
        area.setActiveSubWindow(area.subWindowList()[number])
        yield from self.bring(window)

    def bring(self, window):
        main = window.qwindow()
        main.show()
        main.raise_()
        main.activateWindow()
        yield from self.wait("the window", lambda: app().activeWindow().qwindow() == main, 5)
        yield 700

    def only_this(self, document, node, others):
        """Whether a click changes this picture and no other."""
        before = [(shown(other), ids(other)) for other in others]
        count = len(tree(document))
        document.setActiveNode(node)
        yield from self.ready(document, node)
        yield from self.harmonize(document)
        return {
            "new layers": len(tree(document)) - count,
            "others untouched": before == [(shown(other), ids(other)) for other in others],
            "notice": self.said(),
        }

    def frames(self):
        document, node = yield from self.pasted(U8)
        document.setFullClipRangeEndTime(20)
        yield from self.ready(document, node)
        node.enableAnimation()
        first = bytes(node.pixelData(0, 100, 280, 300))
        told = self.report["frames"] = {}
        for time in (0, 10):
            document.setCurrentTime(time)
            yield 800
            yield from self.step("add_blank_frame")
            data = first if time == 0 else bytes([80, 220, 60, 255]) * (280 * 300)
            node.setPixelData(QByteArray(data), 0, 100, 280, 300)
            document.refreshProjection()
            yield 500
        told["frames"] = [node.hasKeyframeAtTime(time) for time in (0, 5, 10)]
        for time in (10, 0):
            document.setCurrentTime(time)
            yield 1000
            yield from self.ready(document, node)
            before, steps = shown(document), undo_steps()
            result = yield from self.harmonize(document)
            if result is None:
                told[time] = {"notice": self.said()}
                continue
            after = shown(document)
            middle = bytes(result.pixelData(150, 250, 1, 1)), bytes(node.pixelData(150, 250, 1, 1))
            told[time] = {
                "undo steps": undo_steps() - steps,
                "changed": difference(document, before, after)[0],
                "middle": [list(pixel) for pixel in middle],
                "name": result.name(),
            }
            yield from self.step("edit_undo")
            told[time]["undone"] = shown(document) == before
        yield from self.close(document)

    def said(self):
        notice = self.state.notice
        return self.state.subject.unusable if notice is None else notice.sentence
