"""A program that ends in one of several ways while its engine works: for test_leaving.py.

Its argument is the way: quit, destroy, fall-off or raise. Prints the engine's process id.
"""

from __future__ import annotations

import sys

from client_answers import regions
from scripted_command import scripted

from frih_plugin.client.engine_client import EngineClient
from frih_plugin.qt.core import QCoreApplication, QEventLoop, QObject, QTimer


def wait_for_work(client: EngineClient) -> None:
    loop = QEventLoop()
    client.progressed.connect(loop.quit)
    client.send(regions("slow:60"))
    loop.exec()


def main(way: str) -> None:
    application = QCoreApplication(sys.argv[:1])
    panel = QObject()
    client = EngineClient(scripted(), "leaving", panel)
    client.start()
    wait_for_work(client)
    sys.stdout.write(f"{client.process_id}\n")
    sys.stdout.flush()
    if way == "quit":
        QTimer.singleShot(0, application.quit)
        application.exec()
    elif way == "destroy":
        panel.deleteLater()
        QTimer.singleShot(0, application.quit)
        application.exec()
    elif way == "raise":
        raise RuntimeError("It falls.")


if __name__ == "__main__":
    main(sys.argv[1])
