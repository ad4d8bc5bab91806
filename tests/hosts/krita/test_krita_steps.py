"""Requests to Krita run one after the other, and give way to it."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from frih_plugin.hosts.krita.steps import Stepper, Steps
from frih_plugin.qt.core import QCoreApplication, QTimer


def counted(name: str, seen: list[str], steps: int = 3) -> Steps[object]:
    for number in range(steps):
        seen.append(f"{name}{number}")
        yield 0
    return name


def test_jobs_run_whole_and_in_order(qtbot: QtBot) -> None:
    stepper, seen, done = Stepper(), list[str](), list[object]()
    stepper.add(counted("a", seen), done.append)
    stepper.add(counted("b", seen), done.append)
    assert seen == []
    qtbot.waitUntil(lambda: done == ["a", "b"])
    assert seen == ["a0", "a1", "a2", "b0", "b1", "b2"]


def test_krita_lives_on_between_the_steps(qtbot: QtBot) -> None:
    stepper, done, others = Stepper(), list[object](), list[int]()

    def waiting() -> Steps[object]:
        QTimer.singleShot(0, lambda: others.append(1))
        yield 30
        return len(others)

    stepper.add(waiting(), done.append)
    qtbot.waitUntil(lambda: done != [])
    assert done == [1]


def test_a_call_that_lets_the_event_loop_run_disturbs_nothing(qtbot: QtBot) -> None:
    stepper, seen, done = Stepper(), list[str](), list[object]()

    def nested() -> Steps[object]:
        stepper.add(counted("later", seen), done.append)
        for _ in range(5):
            QCoreApplication.processEvents()
        seen.append("nested")
        yield 0
        return "nested"

    stepper.add(nested(), done.append)
    qtbot.waitUntil(lambda: done == ["nested", "later"])
    assert seen == ["nested", "later0", "later1", "later2"]


def test_a_job_may_ask_for_another_in_its_answer(qtbot: QtBot) -> None:
    stepper, seen, done = Stepper(), list[str](), list[object]()

    def ask_again(_: object) -> None:
        stepper.add(counted("b", seen, 1), done.append)

    stepper.add(counted("a", seen, 1), ask_again)
    qtbot.waitUntil(lambda: done == ["b"])
    assert seen == ["a0", "b0"]


def test_closed_it_ends_what_runs(qtbot: QtBot) -> None:
    stepper, ended, done = Stepper(), list[str](), list[object]()

    def endless() -> Steps[object]:
        try:
            while True:
                yield 0
        finally:
            ended.append("ended")

    stepper.add(endless(), done.append)
    qtbot.wait(30)
    stepper.close()
    assert ended == ["ended"]
    qtbot.wait(20)
    assert done == []
