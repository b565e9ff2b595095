"""A plain server behind a login (basic authentication), on 127.0.0.1: what it is asked is passed on, or held back for a while."""

import base64
import http.client
import http.server
import threading


class LoginFront:
    """`asked`: (method, path, status) of each question. While `held` is set, questions wait and are then passed on."""

    def __init__(self, port: int, user: str, password: str):
        self.asked = []
        self.held = threading.Event()
        self.waiting = threading.Event()  # a question is held
        self._go_on = threading.Event()
        login = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        front = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if front.held.is_set():
                    front.waiting.set()
                    front._go_on.wait(60)
                if self.headers.get("Authorization") == login:
                    status, kind, text = front._pass_on(port, self, body)
                else:
                    status, kind, text = 401, "text/plain", b"who are you?"
                front.asked.append((self.command, self.path, status))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = answer

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @staticmethod
    def _pass_on(port: int, asked, body: bytes) -> tuple:
        there = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            kept = {name: asked.headers[name] for name in ("Content-Type", "Accept") if name in asked.headers}
            there.request(asked.command, asked.path, body or None, kept)
            reply = there.getresponse()
            return reply.status, reply.headers.get("Content-Type", "application/json"), reply.read()
        finally:
            there.close()

    def hold(self):
        self.held.set()

    def let_go(self):
        self.held.clear()
        self._go_on.set()

    def stop(self):
        self.let_go()
        self._server.shutdown()
        self._server.server_close()
