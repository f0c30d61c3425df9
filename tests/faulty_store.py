"""An object store that fails now and then: a relay in front of a real one, which spoils or delays the answers it is told to."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Fault = Callable[[int, str], "int | float | None"]
"""Asked with the request's number and method: a status to answer with, seconds to wait before relaying, or None."""


class FaultyStore:
    """Relays to ``host:port``; ``fault`` decides what happens to each request, ``spoilt`` counts those it spoilt."""

    def __init__(self, host: str, port: int) -> None:
        self.fault: Fault = lambda _number, _method: None
        self.asked = 0
        self.spoilt = 0
        lock = threading.Lock()
        store = self

        class Relay(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def relay(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                with lock:
                    store.asked += 1
                    what = store.fault(store.asked, self.command)
                    store.spoilt += what is not None
                if isinstance(what, int):
                    self.send_response(what)
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                time.sleep(what or 0)
                behind = http.client.HTTPConnection(host, port, timeout=60)
                behind.request(self.command, self.path, body, dict(self.headers))
                answer = behind.getresponse()
                content = answer.read()
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in {"transfer-encoding", "connection", "content-length", "date", "server"}:
                        self.send_header(name, value)
                length = answer.getheader("Content-Length") if self.command == "HEAD" else str(len(content))
                self.send_header("Content-Length", length or "0")
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)
                behind.close()

            do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = relay  # noqa: N815 - the names that http.server asks for

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Relay)
        self.server.daemon_threads = True
        self.endpoint = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """End the relay."""
        self.server.shutdown()
        self.server.server_close()
