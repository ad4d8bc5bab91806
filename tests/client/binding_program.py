"""Uses one Qt binding as the panel does: for test_bindings.py, which loads and names it.

A program of its own, as a process has one binding. Ends with 0 and prints the binding if all is
well.
"""

from __future__ import annotations

import sys

from client_answers import Answers, regions
from scripted_command import scripted

from frih_plugin.client.engine_client import ENGINE_LOST, EngineClient
from frih_plugin.protocol.messages import Failure, RegionsFound
from frih_plugin.qt.binding import BINDING
from frih_plugin.qt.core import QEventLoop, QObject, Qt, Signal
from frih_plugin.qt.gui import QAction, QImage, QKeySequence, QShortcut
from frih_plugin.qt.widgets import QApplication, QPushButton


class Signalled(QObject):
    sent = Signal(int, object)

    def __init__(self) -> None:
        super().__init__()
        self.got: list[tuple[int, object]] = []

    def take(self, number: int, value: object) -> None:
        self.got.append((number, value))


def check_names_of_qt_6() -> None:
    button = QPushButton("Harmonize")
    QShortcut(QKeySequence(Qt.Key.Key_Escape), button)
    action = QAction("Reset", button)
    signalled = Signalled()
    signalled.sent.connect(signalled.take)
    signalled.sent.emit(7, action)
    assert signalled.got == [(7, action)]
    image = QImage(3, 2, QImage.Format.Format_RGBA8888)
    image.fill(Qt.GlobalColor.red)
    assert image.pixelColor(2, 1).red() == 255
    assert button.sizeHint().width() > 0
    button.deleteLater()


def check_engine_client() -> None:
    client = EngineClient(scripted(), "binding")
    answers, loop = Answers(client), QEventLoop()
    client.answered.connect(loop.quit)
    client.start()
    good = client.send(regions("now"))
    loop.exec()
    assert isinstance(answers.found[good], RegionsFound)
    bad = client.send(regions("die"))
    loop.exec()
    outcome = answers.found[bad]
    assert isinstance(outcome, Failure)
    assert outcome.code == ENGINE_LOST
    client.stopped.connect(loop.quit)
    client.stop()
    loop.exec()


def main() -> None:
    application = QApplication(sys.argv[:1])
    assert sys.argv[1] == BINDING
    check_names_of_qt_6()
    check_engine_client()
    application.quit()
    sys.stdout.write(BINDING)


if __name__ == "__main__":
    main()
