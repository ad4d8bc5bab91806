"""What is selected, also between a change of ours and the host's next word."""

from __future__ import annotations

import pytest

from frih_plugin.hosts.host import HostRequest, Subject
from frih_plugin.qt.core import QObject, Signal
from frih_plugin.state.calls import HostCalls
from frih_plugin.state.watched_subject import WatchedSubject


class Describing(QObject):
    """Answers as the test says."""

    answered = Signal(int, object)

    def ask(self, request: HostRequest) -> int:
        del request
        return 1


@pytest.fixture
def watched() -> WatchedSubject:
    host = Describing()
    watched = WatchedSubject(HostCalls(host.ask, host.answered, parent=host))
    watched.look()
    host.answered.emit(1, Subject(document="d", layer="hat", name="Hat", revision="1"))
    return watched


def test_a_placed_result_gives_its_layer_the_new_revision_at_once(watched: WatchedSubject) -> None:
    watched.counts_as("d", "hat", "2")
    assert watched.now == Subject(document="d", layer="hat", name="Hat", revision="2")


@pytest.mark.parametrize(("document", "layer"), [("d", "coat"), ("other", "hat")])
def test_a_result_of_another_layer_leaves_it(
    watched: WatchedSubject, document: str, layer: str
) -> None:
    watched.counts_as(document, layer, "2")
    assert watched.now.revision == "1"
