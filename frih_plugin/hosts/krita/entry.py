"""What the plug-in's own `__init__.py` (packaging/krita/entry.py) calls when Krita starts."""

from __future__ import annotations

from krita import DockWidgetFactory, DockWidgetFactoryBase, Krita

from frih_plugin.hosts.krita.dock import HarmonizeDocker
from frih_plugin.hosts.krita.extension import HarmonizeExtension

DOCK_ID = "frih_harmonize"


def register() -> None:
    """Give Krita the docker and the action."""
    krita = Krita.instance()
    krita.addExtension(HarmonizeExtension(krita))
    side = DockWidgetFactoryBase.DockPosition.DockRight
    krita.addDockWidgetFactory(DockWidgetFactory(DOCK_ID, side, HarmonizeDocker))
