"""The fake host is held to the same suite as every real one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fake_host import EVERYTHING, FakeEditor
from host_suite import HostSuite

from frih_plugin.hosts.host import Capabilities

NOTHING = Capabilities(into_layer=False, update=False, canvas_preview=False, stores_settings=False)


class TestFakeHost(HostSuite):
    @pytest.fixture(params=[EVERYTHING, NOTHING], ids=["able", "plain"])
    def editor(self, request: pytest.FixtureRequest) -> Iterator[FakeEditor]:
        editor = FakeEditor(request.param)
        yield editor
        editor.close()
