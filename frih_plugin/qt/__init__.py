"""The one place that imports Qt: PyQt6 or PyQt5, under the names of Qt 6.

    from frih_plugin.qt.core import QObject, Signal
    from frih_plugin.qt.widgets import QPushButton

A binding that is loaded already stays the one in use. Else PyQt5 is tried first: Krita 5 refuses
PyQt6 and Krita 6 refuses PyQt5, each by an ImportError.
"""
