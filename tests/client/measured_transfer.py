"""How long sending a picture to the engine, and getting it back, holds up the event loop.

    PYTHONPATH=.:tests/client python tests/client/measured_transfer.py [MEGABYTES ...]

Run as a program of its own, so that nothing of a test run counts. Prints one line a size: MB; of
the longest turn of the event loop, while the picture goes and comes, the processor's and the wall's
ms; the seconds of the whole way. What frees the picture in the end pays for that itself.
"""

from __future__ import annotations

import sys
import time

from scripted_command import scripted

from frih_plugin.client.engine_client import EngineClient
from frih_plugin.protocol.messages import Harmonize, Harmonized, OpenLayer, ResultSettings
from frih_plugin.protocol.pixels import Pixels
from frih_plugin.qt.core import QCoreApplication, QEventLoop, QTimer

SIDE = 4000


class LoopWatch:
    """Notes the longest turn of the event loop; a timer of 0 ms makes it turn all the time."""

    def __init__(self) -> None:
        self.cpu_s, self.wall_s = 0.0, 0.0
        self._last_cpu, self._last_wall = time.thread_time(), time.perf_counter()
        self._timer = QTimer()
        self._timer.timeout.connect(self._turn)
        self._timer.start(0)

    def stop(self) -> None:
        self._timer.stop()

    def _turn(self) -> None:
        cpu, wall = time.thread_time(), time.perf_counter()
        self.cpu_s = max(self.cpu_s, cpu - self._last_cpu)
        self.wall_s = max(self.wall_s, wall - self._last_wall)
        self._last_cpu, self._last_wall = cpu, wall


def picture(megabytes: int) -> Pixels:
    height = megabytes * 1_000_000 // (SIDE * 8)
    return Pixels(SIDE, height, "rgba", "u16", bytes(SIDE * height * 8))


class Answers:
    """Waits for answers and keeps them until they are cleared."""

    def __init__(self, client: EngineClient) -> None:
        self.found: list[object] = []
        self._loop = QEventLoop()
        client.answered.connect(self._take)

    def wait_for(self, count: int) -> None:
        while len(self.found) < count:
            self._loop.exec()

    def _take(self, _: int, outcome: object) -> None:
        self.found.append(outcome)
        self._loop.quit()


def measure(client: EngineClient, answers: Answers, megabytes: int) -> str:
    answers.found.clear()
    layer = picture(megabytes)
    watch, begun = LoopWatch(), time.perf_counter()
    client.send(OpenLayer("a", layer, 0, 0, Pixels(1, 1, "rgb", "u8", b"abc")))
    client.send(Harmonize("a", ResultSettings()))
    answers.wait_for(2)
    watch.stop()
    assert isinstance(answers.found[1], Harmonized)
    whole_s = time.perf_counter() - begun
    return f"{megabytes} {watch.cpu_s * 1000:.2f} {watch.wall_s * 1000:.2f} {whole_s:.3f}"


def main() -> None:
    application = QCoreApplication(sys.argv[:1])
    client = EngineClient(scripted(), "measured")
    client.start()
    loop = QEventLoop()
    client.phase_changed.connect(loop.quit)
    loop.exec()
    answers = Answers(client)
    for megabytes in map(int, sys.argv[1:] or ("96", "192")):
        sys.stdout.write(measure(client, answers, megabytes) + "\n")
    client.stopped.connect(application.quit)
    client.stop()
    application.exec()


if __name__ == "__main__":
    main()
