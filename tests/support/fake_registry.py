"""A schema registry by Confluent's API in this process, which can be made to lie, to fail, or to hold what it likes."""

import http.server
import json
import threading


class FakeRegistry:
    """`schemas`: id → text. `answer`: asked before each question, with (method, path); what it returns, (status, body, headers), is
    answered instead."""

    def __init__(self):
        self.schemas = {}
        self.subjects = {}  # subject → ids
        self.asked = []     # (method, path)
        self.answer = lambda method, path: None
        fake = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def reply(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                fake.asked.append((self.command, self.path))
                status, said, headers = fake.answer(self.command, self.path) or fake.honest(self.command, self.path, body)
                said = said if isinstance(said, bytes) else json.dumps(said).encode()
                self.send_response(status)
                for name, value in {"Content-Type": "application/json", "Content-Length": str(len(said)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(said)

            do_GET = do_POST = reply

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def honest(self, method: str, path: str, body: bytes) -> tuple:
        parts = path.partition("?")[0].strip("/").split("/")
        if method == "GET" and parts[:2] == ["schemas", "ids"]:
            text = self.schemas.get(int(parts[2]))
            return self.nothing(40403) if text is None else (200, {"schema": text}, {})
        if method == "POST" and parts[0] == "subjects" and len(parts) == 2:
            known = [one for one in self.subjects.get(parts[1], []) if self.same(self.schemas[one], json.loads(body)["schema"])]
            return (200, {"id": known[0], "subject": parts[1]}, {}) if known else self.nothing(40403)
        if method == "POST" and parts[0] == "subjects" and parts[2:] == ["versions"]:
            return 200, {"id": self.register(parts[1], json.loads(json.loads(body)["schema"]))}, {}
        return self.nothing(404)

    @staticmethod
    def nothing(code: int) -> tuple:
        return 404, {"error_code": code, "message": "not found"}, {}

    @staticmethod
    def same(one: str, other: str) -> bool:
        return json.loads(one) == json.loads(other)

    def register(self, subject: str, schema: dict, number: int = None) -> int:
        """The same schema has one id under all subjects, unless another one is asked for."""
        text = json.dumps(schema)
        known = next((one for one, there in self.schemas.items() if self.same(there, text)), None)
        number = number or known or max(self.schemas, default=0) + 1
        self.schemas[number] = text
        self.subjects.setdefault(subject, []).append(number)
        return number

    def schema(self, number: int) -> dict:
        return json.loads(self.schemas[number])

    def empty(self):
        self.schemas, self.subjects = {}, {}

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
