"""A package index on this machine that can break off in the middle of a file."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class LocalIndex:
    """A server of a folder of wheels.

    url: for PIP_INDEX_URL; cut: a part of the names of files that break off at their half; sent:
    the names of those that went out whole.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.cut = ""
        self.sent: list[str] = []
        index = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path.strip("/").split("/")[-1]
                if self.path.startswith("/files/"):
                    index.send_file(self, name)
                else:
                    index.send_page(self, name)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/simple"

    def send_page(self, handler: BaseHTTPRequestHandler, project: str) -> None:
        names = [path.name for path in sorted(self.folder.glob("*.whl"))]
        fitting = [name for name in names if name.split("-")[0].replace("_", "-") == project]
        body = "".join(f'<a href="/files/{name}">{name}</a>\n' for name in fitting).encode()
        _head(handler, "text/html", len(body))
        handler.wfile.write(body)

    def send_file(self, handler: BaseHTTPRequestHandler, name: str) -> None:
        data = (self.folder / name).read_bytes()
        _head(handler, "application/octet-stream", len(data))
        if self.cut and self.cut in name:
            handler.wfile.write(data[: len(data) // 2])
            handler.wfile.flush()
            handler.connection.close()
            return
        handler.wfile.write(data)
        self.sent.append(name)

    @contextmanager
    def running(self) -> Generator[LocalIndex]:
        thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._server.shutdown()
            self._server.server_close()
            thread.join()


def _head(handler: BaseHTTPRequestHandler, kind: str, length: int) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(length))
    handler.end_headers()
