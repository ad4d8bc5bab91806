"""One method a request. numpy and the networks are loaded when they are first needed."""

from __future__ import annotations

import hashlib
import logging
import time
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from engine.errors import BackendUnavailableError, WeightsError
from engine.manifest import read_manifest
from engine.runtime.names import BACKENDS, BackendName
from engine.server.backends import DEFAULT, known_backends
from engine.server.errors import BrokenRequestError, UnknownLayerError, WrongVersionError
from engine.server.watch import JobWatch
from frih_plugin.protocol import PROTOCOL_VERSION
from frih_plugin.protocol.messages import (
    Answer,
    Closed,
    CloseLayer,
    FindRegions,
    Harmonize,
    Harmonized,
    Hello,
    LayerOpened,
    MakePreview,
    OpenLayer,
    Preview,
    Request,
    Timing,
    Welcome,
)

if TYPE_CHECKING:
    from engine.runtime.backend import Backend
    from engine.runtime.weights import LoadedWeights
    from engine.server.session import LayerSession

MOST_OPEN = 4
"""Layers kept at once; of more the one that was not asked for longest is given up."""

_log = logging.getLogger(__name__)


class Answers:
    """Answers requests, one at a time; keeps the backend and the open layers."""

    def __init__(self, weights: Path | None = None) -> None:
        """weights: a file in place of the one that plugin.json names."""
        self._weights = weights
        self._asked: BackendName | None = None
        self._loaded: Backend | None = None
        self._sessions: OrderedDict[str, LayerSession] = OrderedDict()

    def answer(self, request: Request, watch: JobWatch) -> Answer:
        """The answer. Raises FrihError, and CancelledError when the watch says so."""
        if self._asked is None and not isinstance(request, Hello):
            raise BrokenRequestError("The first request must be hello.")
        match request:
            case Hello():
                return self._hello(request)
            case OpenLayer():
                return self._open(request, watch)
            case FindRegions():
                return self._session(request.key).regions_found(request.cutoff_distance, watch)
            case MakePreview():
                return self._preview(request, watch)
            case Harmonize():
                return self._harmonize(request, watch)
            case CloseLayer():
                self._sessions.pop(request.key, None)
                return Closed()
            case _:
                assert_never(request)

    def warm_up(self) -> None:
        """Load the backend and let it run once, so that the first click need not wait for it."""
        from engine.server.session import warm_up  # noqa: PLC0415 - loads numpy

        warm_up(self._backend())

    def forget_results(self) -> None:
        """Let go of all that can be computed again."""
        for session in self._sessions.values():
            session.forget_results()

    def _hello(self, request: Hello) -> Welcome:
        if request.protocol_version != PROTOCOL_VERSION:
            raise WrongVersionError(
                f"The editor's plugin speaks version {request.protocol_version} of the protocol "
                f"and the engine version {PROTOCOL_VERSION}: install FRIH again."
            )
        asked = _backend_name(request.backend)
        if asked != self._asked:
            self._asked, self._loaded = asked, None
            self._sessions.clear()
        sha256 = self._check_weights()
        # Processors can be named without looking; anything else has to start before it is named.
        device = "CPU" if asked == DEFAULT else self._backend_or_none().report.device
        _log.info("hello from %s; backend %s on %s", request.client, asked, device)
        manifest = read_manifest()
        return Welcome(PROTOCOL_VERSION, manifest.version, sha256, asked, device, known_backends())

    def _backend_or_none(self) -> Backend:
        try:
            return self._backend()
        except BackendUnavailableError:
            self._asked = None
            raise

    def _check_weights(self) -> str:
        """The weights' hash. Raises WeightsError where they are not those of this version."""
        manifest = read_manifest()
        file = manifest.weights if self._weights is None else self._weights
        try:
            found = hashlib.sha256(file.read_bytes()).hexdigest()
        except OSError as error:
            raise WeightsError(
                f"The weights file {file.name} cannot be read: install FRIH again."
            ) from error
        if self._weights is None and found != manifest.weights_sha256:
            raise WeightsError(
                f"The weights file {file.name} is cut off or not the one that belongs to this "
                "version: install FRIH again."
            )
        return found

    def _backend(self) -> Backend:
        if self._loaded is None:
            from engine.runtime.backend import open_backend  # noqa: PLC0415 - loads numpy

            began = time.perf_counter()
            self._loaded = open_backend(self._asked or DEFAULT, self._load_weights())
            report = self._loaded.report
            seconds = time.perf_counter() - began
            _log.info("%s on %s, loaded in %.2f s", report.library, report.device, seconds)
        return self._loaded

    def _load_weights(self) -> LoadedWeights:
        from engine.runtime.weights import (  # noqa: PLC0415 - loads numpy
            load_weights,
            load_weights_file,
        )

        return load_weights() if self._weights is None else load_weights_file(self._weights)

    def _open(self, request: OpenLayer, watch: JobWatch) -> LayerOpened:
        from engine.server.opened import open_layer  # noqa: PLC0415 - loads numpy
        from engine.server.session import LayerSession  # noqa: PLC0415

        self._sessions.pop(request.key, None)
        opened = open_layer(request, watch)
        self._sessions[request.key] = session = LayerSession(opened, self._backend())
        while len(self._sessions) > MOST_OPEN:
            self._sessions.popitem(last=False)
        return session.layer_opened()

    def _session(self, key: str) -> LayerSession:
        if key not in self._sessions:
            raise UnknownLayerError("The engine does not know this layer: it has to be sent again.")
        self._sessions.move_to_end(key)
        return self._sessions[key]

    def _preview(self, request: MakePreview, watch: JobWatch) -> Preview:
        began = time.perf_counter()
        preview = self._session(request.key).preview(request, watch)
        return Preview(
            preview.after,
            preview.layer,
            preview.estimate.confidence,
            preview.estimate.strength,
            time.perf_counter() - began,
        )

    def _harmonize(self, request: Harmonize, watch: JobWatch) -> Harmonized:
        session = self._session(request.key)
        result = session.harmonized(request.settings, watch, covers=request.covers)
        timings = tuple(Timing(stage, seconds) for stage, seconds in watch.timings.items())
        return Harmonized(
            result.layer,
            result.estimate.confidence,
            result.estimate.strength,
            result.predicted_change,
            result.regions,
            self._backend().report.device,
            timings,
        )


def _backend_name(asked: str) -> BackendName:
    for name in BACKENDS:
        if asked == name:
            return name
    if asked == "auto":
        return DEFAULT
    raise BackendUnavailableError(
        f"There is no backend {asked!r:.40}: choose auto or one of {', '.join(BACKENDS)}."
    )
