"""The line below the picture: what it is, how large it is shown, what the pointer is on."""

from __future__ import annotations

import math

from frih_plugin.hosts.standalone.canvas.canvas import Canvas
from frih_plugin.hosts.standalone.canvas.viewport import Point
from frih_plugin.hosts.standalone.jobs import Jobs
from frih_plugin.hosts.standalone.picking import layer_at
from frih_plugin.hosts.standalone.profile_name import profile_name
from frih_plugin.hosts.standalone.session import EditorSession
from frih_plugin.qt.widgets import QLabel, QProgressBar, QStatusBar, QWidget
from frih_plugin.texts import text


class StatusLine(QStatusBar):
    """Follows session, canvas and file jobs."""

    def __init__(
        self, session: EditorSession, canvas: Canvas, jobs: Jobs, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._canvas, self._jobs = session, canvas, jobs
        self.pointer, self._job, self._bar = QLabel(), QLabel(), QProgressBar()
        self._picture, self._zoom = QLabel(), QLabel()
        self._arrange()
        canvas.hovered.connect(self._show_pointer)
        canvas.viewport_changed.connect(self._show_zoom)
        session.document_changed.connect(self._show_picture)
        jobs.busy_changed.connect(self._show_job)
        self._show_picture()
        self._show_job()

    def _arrange(self) -> None:
        self._bar.setMaximumSize(90, self.fontMetrics().height() - 4)
        self._bar.setTextVisible(False)
        for label in (self.pointer, self._job, self._picture, self._zoom):
            label.setContentsMargins(6, 0, 6, 0)
        self._zoom.setMinimumWidth(self.fontMetrics().horizontalAdvance("3200 %") + 12)
        self.addWidget(self._job)
        self.addWidget(self._bar)
        self.addWidget(self.pointer, 1)
        self.addPermanentWidget(self._picture)
        self.addPermanentWidget(self._zoom)
        self.setSizeGripEnabled(False)

    def _show_pointer(self, point: Point | None) -> None:
        document = self._session.document
        if document is None or point is None:
            self.pointer.clear()
            return
        place = f"{math.floor(point[0])}, {math.floor(point[1])}"
        layer = layer_at(document, point)
        self.pointer.setText(place if layer is None else f"{place}   {layer.name}")

    def _show_picture(self) -> None:
        document = self._session.document
        if document is None:
            self._picture.clear()
        else:
            size = f"{document.width} × {document.height}"
            depth = text("{bits} bit", bits=document.depth)
            self._picture.setText(f"{size}   {depth}   {profile_name(document.icc)}")
        self._show_zoom()

    def _show_zoom(self) -> None:
        percent = self._canvas.viewport.zoom * 100
        shown = round(percent, 1 if percent < 10 else None)
        has_picture = self._session.document is not None
        self._zoom.setText(text("{percent} %", percent=shown) if has_picture else "")

    def _show_job(self) -> None:
        title = self._jobs.title
        self._job.setText(title)
        self._job.setVisible(bool(title))
        self._bar.setVisible(bool(title))
        # Between 0 and 0 the bar runs to and fro; it is at rest while hidden.
        self._bar.setRange(0, 0 if title else 1)
