"""A person's way through Krita with the Harmonize panel; acted out inside Krita by frih_story."""

import importlib
import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

from frih_plugin.hosts.krita.pixel_reads import converted_bands
from frih_plugin.hosts.krita.spaces import Space
from frih_plugin.hosts.krita.wiring import panels
from frih_plugin.protocol.messages import Harmonize
from frih_plugin.qt.binding import BINDING
from frih_plugin.qt.core import QByteArray, QPoint, Qt

# The acts lie beside this file, which is not imported but carried out.
sys.path.insert(0, str(Path(__file__).parent))
from pictures import (
    add_picture,
    app,
    difference,
    fill,
    find,
    ids,
    profile_of,
    shown,
    tree,
    undo_steps,
)
from rarer_acts import RarerActs

QTest = importlib.import_module(f"{BINDING}.QtTest").QTest

EXAMPLES = Path(os.environ["FRIH_STORY_EXAMPLES"])
ONLY = os.environ.get("FRIH_STORY_ONLY", "")
W, H, LEFT, TOP, SIDE = 600, 450, -20, 100, 300
MODES = [
    "normal",
    "multiply",
    "screen",
    "overlay",
    "darken",
    "lighten",
    "dodge",
    "burn",
    "hard_light",
    "soft_light_svg",
    "diff",
    "hue",
    "saturation",
    "color",
    "luminize",
    "soft_light",
    "grain_merge",
]


def act(stage):
    yield 800
    actor = Actor(stage)
    dock = next(dock for dock in app().dockers() if dock.objectName() == "frih_harmonize")
    app().activeWindow().qwindow().resize(1500, 950)
    dock.setFloating(True)
    dock.show()
    dock.resize(300, 820)
    yield 1500
    actor.panel, actor.parts = dock.widget().panel, panels().harmonizing
    actor.state, actor.host = actor.parts.state, actor.parts.host
    parts = {
        "click": actor.click_and_drag,
        "spaces": actor.colour_spaces,
        "modes": actor.blend_modes,
        "kinds": actor.kinds_of_layers,
        "sentences": actor.sentences,
        "trouble": actor.trouble,
        "start": actor.start,
        "background": actor.background,
        "rarer": actor.rarer_layers,
        "several": actor.several_layers,
        "action": actor.menu_action,
        "windows": actor.two_windows,
        "frames": actor.frames,
        "big": actor.large_pictures,
    }
    wanted = ONLY.split(",") if ONLY else [name for name in parts if name != "big"]
    for name in wanted:
        yield from parts[name]()


class Actor(RarerActs):
    def __init__(self, stage):
        self.stage, self.report = stage, stage.report
        self.seen = set()

    # what a person does

    def wait(self, what, condition, seconds=60):
        ends = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < ends, f"waited in vain: {what}"
            yield 20

    def ready(self, document, node):
        """Select a layer and wait until the panel knows it as it is now."""
        document.setActiveNode(node)
        yield 300
        known = self.host._documents.front
        yield from self.wait("the document", lambda: known() is not None)
        key = known()[0]
        self.host.look_closely()
        yield 300
        yield from self.wait(
            "the layer",
            lambda: (
                self.state.subject.document == key
                and self.state.subject.name == node.name()
                and not self.host._stepper._jobs
            ),
        )

    def press(self, widget):
        QTest.mouseClick(
            widget,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
            QPoint(widget.width() // 2, widget.height() // 2),
        )

    def harmonize(self, document):
        """Click on the real button; gives the new layer, or None with a notice."""
        before = ids(document)
        yield from self.wait("the button", self.panel.harmonize.button.isEnabled)
        self.press(self.panel.harmonize.button)
        yield from self.wait("a job", lambda: self.state.job is not None, 5)
        yield from self.wait("the result", lambda: self.state.job is None)
        yield 200
        return next((node for node in tree(document) if node.uniqueId() not in before), None)

    def step(self, name):
        app().action(name).trigger()
        yield 500

    def picture(self, name):
        yield 700
        app().activeWindow().qwindow().grab().save(str(self.stage.folder / f"{name}.png"))
        self.panel.window().grab().save(str(self.stage.folder / f"{name}-panel.png"))

    def close(self, document):
        yield 1000
        document.setModified(False)
        document.close()
        yield 500

    # the parts of the story

    def click_and_drag(self):
        document = app().openDocument(str(EXAMPLES / "cake_background.jpg"))
        app().activeWindow().addView(document)
        yield 1200
        node = add_picture(document, "cake", EXAMPLES / "cake_layer.png", (400, 300))
        yield 600
        yield from self.ready(document, node)
        before, bounds = shown(document), node.bounds()
        steps = undo_steps()
        result = yield from self.harmonize(document)
        told = {"at": [bounds.x(), bounds.y(), bounds.width(), bounds.height()]}
        told["seconds"] = self.state.last_seconds
        told["undo steps"] = undo_steps() - steps
        told["active"] = document.activeNode().name()
        self.keep("click-layer", bytes(result.pixelData(*told["at"])))
        self.keep("click-source", bytes(node.pixelData(*told["at"])))
        self.keep("click-shown", shown(document))
        told["size"] = [document.width(), document.height()]
        after = shown(document)
        yield from self.picture("harmonized")
        yield from self.step("edit_undo")
        told["undone"] = shown(document) == before and len(tree(document)) == 2
        yield from self.step("edit_redo")
        told["redone"] = shown(document) == after and len(tree(document)) == 3
        slider = self.panel.granularity.slider
        slider.setFocus()
        for turn in range(24):
            key = Qt.Key.Key_Right if (turn // 8) % 2 == 0 else Qt.Key.Key_Left
            QTest.keyClick(slider, key)
            yield 25
        yield 900
        told["untouched by the slider"] = shown(document) == after
        told["stop"], told["regions"] = self.state.settings.stop, len(self.state.region_map.regions)
        yield from self.picture("regrouped")
        yield from self.ready(document, node)
        yield from self.harmonize(document)
        told["layers"] = [child.name() for child in tree(document)]
        self.keep("again-shown", shown(document))
        document.setBatchmode(True)
        for name in ("result.kra", "result.png"):
            told[name] = document.saveAs(str(self.stage.folder / name))
            yield 1500
        yield 800
        reopened = app().openDocument(str(self.stage.folder / "result.kra"))
        told["reopened"] = shown(reopened) == shown(document)
        told["annotations"] = sorted(reopened.annotationTypes())
        reopened.close()
        self.report["click"] = told
        yield from self.close(document)

    def colour_spaces(self):
        spaces = [("RGBA", depth) for depth in ("U8", "U16", "F16", "F32")]
        spaces += [(m, d) for m in ("GRAYA", "CMYKA", "LABA") for d in ("U8", "U16", "F32")]
        spaces += [("XYZA", "U16"), ("YCbCrA", "U8"), ("RGBA", "U16", "sRGB-elle-V2-g10.icc")]
        spaces += [("RGBA", "U16", "Rec2020-elle-V4-g10.icc")]
        for space in spaces:
            document, node = yield from self.pasted(space)
            yield from self.check("space " + " ".join(space), document, node)

    def blend_modes(self):
        for mode in MODES:
            for opacity in (255, 128):
                document, node = yield from self.pasted(("RGBA", "U8"), mode, opacity)
                yield from self.check(f"mode {mode} {opacity}", document, node)

    def kinds_of_layers(self):
        for kind in ("in a group", "group", "clone", "16 bits in 8", "masked", "selected", "twice"):
            document, node = yield from self.pasted(("RGBA", "U8"))
            node = self.made(document, node, kind)
            yield 700
            if kind == "twice":
                yield from self.ready(document, node)
                yield from self.harmonize(document)
                self.state.set_strength(0.5, dragging=False)
            yield from self.check(f"kind {kind}", document, node)
            self.state.set_strength(1.0, dragging=False)

    def made(self, document, node, kind):
        root = document.rootNode()
        if kind in ("in a group", "group"):
            group = document.createGroupLayer("group")
            root.removeChildNode(node)
            group.addChildNode(node, None)
            top = document.createNode("top", "paintlayer")
            top.setPixelData(QByteArray(bytes([255, 255, 255, 180]) * 2500), 150, 250, 50, 50)
            group.addChildNode(top, node)
            root.addChildNode(group, root.childNodes()[-1])
            return node if kind == "in a group" else group
        if kind == "clone":
            clone = document.createCloneLayer("clone", node)
            root.addChildNode(clone, node)
            node.setVisible(False)
            return clone
        if kind == "16 bits in 8":
            node.setColorSpace("RGBA", "U16", "sRGB-elle-V2-g10.icc")
        if kind == "masked":
            mask = document.createSelectionMask("mask")
            node.addChildNode(mask, None)
        if kind == "selected":
            area = importlib.import_module("krita").Selection()
            area.select(60, 150, 120, 120, 255)
            area.feather(8)
            document.setSelection(area)
        return node

    def sentences(self):
        document, node = yield from self.pasted(("RGBA", "U8"))
        told = {}
        for trouble, spoil, mend in (
            ("locked", lambda: node.setLocked(True), lambda: node.setLocked(False)),
            ("hidden", lambda: node.setVisible(False), lambda: node.setVisible(True)),
            ("outside", lambda: node.move(5000, 5000), lambda: node.move(LEFT, TOP)),
        ):
            spoil()
            yield from self.ready(document, node)
            told[trouble] = self.state.subject.unusable
            mend()
        yield from self.ready(document, node)
        told["mended"] = self.state.subject.unusable
        empty = document.createNode("empty", "paintlayer")
        document.rootNode().addChildNode(empty, None)
        yield 500
        yield from self.ready(document, empty)
        told["empty"] = self.state.subject.unusable
        group = self.made(document, node, "group")
        group.setPassThroughMode(True)
        group.setOpacity(128)
        yield 700
        yield from self.ready(document, group)
        told["pass-through"] = self.state.subject.unusable
        self.report["sentences"] = told
        yield from self.close(document)
        yield 800
        self.report["without a document"] = self.state.subject.unusable

    def trouble(self):
        document, node = yield from self.pasted(("RGBA", "U8"))
        yield from self.ready(document, node)
        before, process = shown(document), self.parts.engine.process_id
        self.press(self.panel.harmonize.button)
        os.kill(process, signal.SIGKILL)
        yield from self.wait("an end", lambda: self.parts.engine.process_id != process)
        yield from self.wait("a new engine", lambda: self.state.engine.phase == "ready")
        yield 500
        told = {"untouched": shown(document) == before}
        told["lost engine"] = "" if self.state.notice is None else self.state.notice.sentence
        yield from self.picture("engine-lost")
        yield from self.ready(document, node)
        told["works again"] = (yield from self.harmonize(document)) is not None
        yield from self.close(document)
        document, node = yield from self.pasted(("RGBA", "U8"), side=1200)
        yield from self.ready(document, node)
        yield 800
        self.press(self.panel.harmonize.button)
        yield 60
        told["was at work"] = self.state.job is not None
        document.setModified(False)
        document.close()
        yield from self.wait("an end of the job", lambda: self.state.job is None)
        yield 800
        told["closed"] = "" if self.state.notice is None else self.state.notice.sentence
        self.report["trouble"] = told

    def large_pictures(self):
        told = {}
        for width, height in ((4000, 3000), (6000, 4000)):
            document, node = yield from self.pasted(("RGBA", "U8"), size=(width, height))
            yield from self.ready(document, node)
            yield 1500
            self.stage.longest_block = 0.0
            yield from self.harmonize(document)
            first, block = self.state.last_seconds, self.stage.longest_block
            self.stage.longest_block = 0.0
            self.state.set_strength(0.8, dragging=False)
            yield 500
            yield from self.harmonize(document)
            told[f"{width} x {height}"] = {
                "first click": first,
                "second click": self.state.last_seconds,
                "longest block": block,
                "longest block again": self.stage.longest_block,
                "regions": len(self.state.region_map.regions),
            }
            self.state.set_strength(1.0, dragging=False)
            yield from self.close(document)
        self.report["big"] = told

    # what is checked of each

    def pasted(self, space, mode="normal", opacity=255, side=SIDE, size=(W, H)):
        """A document with a pasted layer that hangs over the edge."""
        scale = size[0] / W
        document = app().createDocument(*size, "story", "RGBA", "U8", "", 72.0)
        app().activeWindow().addView(document)
        yield 600
        background = document.rootNode().childNodes()[0]
        fill(background, EXAMPLES / "cake_background.jpg", (0, 0), size)
        node = document.createNode("cake", "paintlayer")
        area = round(side * scale)
        fill(node, EXAMPLES / "park_layer.png", (round(LEFT * scale), TOP), (area, area))
        node.setOpacity(opacity)
        if mode != "normal":
            node.setBlendingMode(mode)
        document.rootNode().addChildNode(node, background)
        yield 400
        if tuple(space) != ("RGBA", "U8"):
            document.setColorSpace(*space[:2], profile_of(space))
            document.waitForDone()
            yield 600
        document.refreshProjection()
        yield 200
        return document, find(document, "cake")

    def check(self, name, document, node):
        """Harmonize, undo, redo, and what Krita shows against what it should."""
        yield from self.ready(document, node)
        before, steps = shown(document), undo_steps()
        result = yield from self.harmonize(document)
        told = {"seconds": self.state.last_seconds}
        self.report[name] = told
        if result is None:
            notice = self.state.notice
            told["notice"] = self.state.subject.unusable if notice is None else notice.sentence
            self.state.dismiss_notice()
            yield from self.close(document)
            return
        after, key = shown(document), result.uniqueId()
        told["undo steps"] = undo_steps() - steps
        told["inherits alpha"] = result.inheritAlpha()
        told["space"] = [result.colorModel(), result.colorDepth(), result.colorProfile()]
        told["changed"] = difference(document, before, after)
        yield from self.step("edit_undo")
        told["undone"] = difference(document, before, shown(document))[0]
        yield from self.step("edit_redo")
        told["redone"] = difference(document, after, shown(document))[0]
        expected = yield from self.expected(document, node, key)
        told["off"] = difference(document, expected, after)
        yield from self.close(document)

    def expected(self, document, node, result):
        """What Krita shows with the engine's changed pixels in the layer itself."""
        work, answers = self.state._work, []
        grabbed = work.opened.grabbed
        plain = replace(grabbed, placing="instead", below=None)
        calls = self.state._engine_calls
        calls.ask(work.opened.source.open_layer("story", plain), answers.append)
        yield from self.wait("the layer's opening", lambda: len(answers) == 1)
        calls.ask(Harmonize("story", work._result_settings()), answers.append)
        yield from self.wait("the changed pixels", lambda: len(answers) == 2)
        changed, clone = answers[1].layer, document.clone()
        for child in tree(clone):
            if child.name().startswith("cake, harm") or child.uniqueId() == result:
                child.setVisible(False)
        source = next(child for child in tree(clone) if child.uniqueId() == node.uniqueId())
        stand_in = clone.createNode("stand-in", "paintlayer")
        space = Space.of(source)
        stand_in.setColorSpace(space.model, space.depth, space.profile)
        stand_in.setOpacity(source.opacity())
        stand_in.setBlendingMode(source.blendingMode())
        at = grabbed.left, grabbed.top
        for data, band in converted_bands(clone, changed, (space.on_wire, space), at):
            stand_in.setPixelData(data, band.left, band.top, band.width, band.height)
        source.setVisible(False)
        source.parentNode().addChildNode(stand_in, source)
        picture = shown(clone)
        clone.close()
        return picture

    def keep(self, name, data):
        (self.stage.folder / f"{name}.raw").write_bytes(data)
