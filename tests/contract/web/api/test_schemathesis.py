"""Asked by schemathesis, at a real server: no operation of the interface for phones crashes or fails."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from verification.api_schema import ask_all, run_schema
from verification.counts import count

NUMBER = {"name": "number", "in": "query", "required": True, "schema": {"type": "integer"}}
DOCUMENT = {
    "openapi": "3.1.0",
    "info": {"title": "Faults", "version": "1"},
    "paths": {"/doubled": {"get": {"parameters": [NUMBER], "responses": {"200": {"description": "twice"}}}}},
}


def test_no_operation_crashes_or_fails_for_a_phone_or_a_stranger():
    found = run_schema(count("api-schema"))
    assert found.passed, found.figures["wrong"]
    told = found.figures["outcomes"]
    for operation in ("GET /api/v1/health", "GET /api/v1/receipts", "GET /api/v1/schedule", "POST /api/v1/entries"):
        assert told[f"phone {operation} 200"] > 0
    let_in = {one for one in told if one.startswith("stranger") and not one.endswith(("401", "403"))}
    assert let_in == {"stranger GET /api/v1/health 200"}


class _Faulty(BaseHTTPRequestHandler):
    """Knows no number but whole ones: fails at the others, or says nothing at all."""

    answers = True

    def do_GET(self):
        self.close_connection = True
        number = self.path.rpartition("=")[2].lstrip("-")
        if self.path.startswith("/openapi.json"):
            self._say(200, DOCUMENT)
        elif number.isdecimal():
            self._say(200, {"doubled": 2 * int(number[:9])})
        elif self.answers:
            self._say(500, {})

    def _say(self, status, document):
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.mark.parametrize(("answers", "status"), [(True, "500"), (False, "0")])
def test_an_operation_that_fails_or_never_answers_is_found(answers, status):
    handler = type("Handler", (_Faulty,), {"answers": answers})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        found = ask_all(f"http://127.0.0.1:{server.server_port}", {"anybody": {"headers": {}}}, 20)
        server.shutdown()
    assert not found.passed
    assert found.figures["wrong"][0].startswith(f"{status} curl")
    assert found.figures["outcomes"]["anybody GET /doubled 200"] > 0
