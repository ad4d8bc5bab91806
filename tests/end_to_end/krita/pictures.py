"""What the acts make and look at in Krita: layers, what shows, undo steps."""

import struct

from krita import Krita

from frih_plugin.qt.core import QByteArray, Qt
from frih_plugin.qt.gui import QImage

CODES = {"U8": ("B", 255), "U16": ("H", 65535), "F16": ("e", 1), "F32": ("f", 1)}
PROFILES = {
    ("RGBA", "U16"): "sRGB-elle-V2-srgbtrc.icc",
    "RGBA": "sRGB-elle-V2-g10.icc",
    "CMYKA": "Chemical proof",
    ("GRAYA", "U8"): "Gray-D50-elle-V2-srgbtrc.icc",
    "GRAYA": "Gray-D50-elle-V2-g10.icc",
}


def app():
    return Krita.instance()


def ids(document):
    return [node.uniqueId() for node in tree(document)]


def tree(document):
    def below(node):
        for child in node.childNodes():
            if not child.type().endswith("mask"):
                yield child
                yield from below(child)

    return list(below(document.rootNode()))


def find(document, name):
    return next(node for node in tree(document) if node.name() == name)


def shown(document):
    """What the picture shows, as soon as it shows the same twice: Krita 5.1 takes its time."""
    last = None
    for _ in range(6):
        document.refreshProjection()
        document.waitForDone()
        now = bytes(document.pixelData(0, 0, document.width(), document.height()))
        if now == last:
            break
        last = now
    return now


def undo_steps():
    """The rows of the list of undo steps."""
    from frih_plugin.qt.widgets import QAbstractItemView

    for view in app().activeWindow().qwindow().findChildren(QAbstractItemView):
        if view.metaObject().className() == "KisUndoView":
            return view.model().rowCount()
    raise AssertionError("no list of undo steps")


def profile_of(space):
    profile = space[2] if len(space) > 2 else PROFILES.get(space, PROFILES.get(space[0], ""))
    known = app().profiles(*space[:2])
    return profile if profile in known else known[0]


def difference(document, one, other):
    """The largest in parts of 255 of white, and what 999 of 1000 values keep under."""
    code, white = CODES[document.colorDepth()]
    if document.colorModel() == "LABA" and white == 1:
        white = 100
    values = [
        struct.unpack(f"<{len(data) // struct.calcsize(code)}{code}", data) for data in (one, other)
    ]
    off = sorted(abs(a - b) for a, b in zip(*values))
    return [255 * off[-1] / white, 255 * off[len(off) * 999 // 1000] / white]


def fill(node, file, at, size):
    image = QImage(str(file)).convertToFormat(QImage.Format.Format_ARGB32)
    smooth = Qt.TransformationMode.SmoothTransformation
    image = image.scaled(*size, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
    image = image.convertToFormat(QImage.Format.Format_ARGB32)
    data = image.constBits().asstring(4 * size[0] * size[1])
    node.setPixelData(QByteArray(data), *at, *size)


def add_picture(document, name, file, at):
    node = document.createNode(name, "paintlayer")
    image = QImage(str(file))
    fill(node, file, at, (image.width(), image.height()))
    document.rootNode().addChildNode(node, None)
    return node
