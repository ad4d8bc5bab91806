"""What a test sends to the engine, and the answers it got."""

from __future__ import annotations

from collections.abc import Callable

from frih_plugin.client.engine_client import EngineClient
from frih_plugin.protocol.messages import Answer, Failure, FindRegions

ClientMaker = Callable[..., EngineClient]


class Answers:
    """All answers of a client by id; none may come twice."""

    def __init__(self, client: EngineClient) -> None:
        self.found: dict[int, Answer | Failure] = {}
        client.answered.connect(self._take)

    def _take(self, call: int, outcome: Answer | Failure) -> None:
        assert call not in self.found
        self.found[call] = outcome

    def code(self, call: int) -> str:
        """The failure code of a request that was answered so."""
        outcome = self.found[call]
        assert isinstance(outcome, Failure)
        return outcome.code


def regions(key: str) -> FindRegions:
    """A request; what the scripted engine does with it, its key says."""
    return FindRegions(key, 0.1)
