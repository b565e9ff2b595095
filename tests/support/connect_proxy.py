"""A small HTTP proxy on 127.0.0.1 for tests: CONNECT alone, with Basic authentication where it has a login, and with the faults that
proxies have. Names are answered by `hosts`, so that the API can be called as it likes. Also what gives a plain server TLS."""

import base64
import socket
import ssl
import subprocess
import threading

PIECE = 65536


def _serve(handle) -> tuple:
    """(listening socket, port): each connection is handled on a thread of its own until the socket is closed."""
    listening = socket.create_server(("127.0.0.1", 0))

    def accept():
        while True:
            try:
                client, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=_quietly, args=(handle, client), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listening, listening.getsockname()[1]


def _quietly(handle, client):
    with client:
        try:
            handle(client)
        except OSError:
            pass


def _close(listening):
    if listening.fileno() != -1:  # not closed yet
        listening.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        listening.close()


def _pump(source, sink):
    try:
        while piece := source.recv(PIECE):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass


def _join(one, other):
    back = threading.Thread(target=_pump, args=(other, one), daemon=True)
    back.start()
    _pump(one, other)
    back.join(30)


class ConnectProxy:
    """`answer`: None lets through; else the status line that refuses, or "" for a proxy that says nothing for ever."""

    def __init__(self, hosts: dict, login: str = None, answer: str = None):
        """`hosts`: "name:port" → port on 127.0.0.1. `login`: "user:password"."""
        self.hosts = hosts
        self.login = login
        self.answer = answer
        self.asked = []  # the heads of the requests
        self._hanging = threading.Event()
        self._listening, self.port = _serve(self._handle)

    def _handle(self, client):
        head = b""
        while b"\r\n\r\n" not in head:
            piece = client.recv(PIECE)
            if not piece:
                return
            head += piece
        text = head.decode()
        self.asked.append(text)
        if self.answer == "":
            self._hanging.wait(300)
            return
        status = self.answer or self._judge(text)
        client.sendall(f"HTTP/1.1 {status}\r\nServer: test\r\n\r\n".encode())
        if not status.startswith("200"):
            return
        with socket.create_connection(("127.0.0.1", self.hosts[text.split()[1]]), timeout=30) as server:
            server.settimeout(None)
            _join(client, server)

    def _judge(self, text: str) -> str:
        method, target, _ = text.split("\r\n", 1)[0].split()
        if method != "CONNECT":
            return "405 Method Not Allowed"
        wanted = base64.b64encode((self.login or "").encode()).decode()
        if self.login and f"Proxy-Authorization: Basic {wanted}\r\n" not in text:
            return "407 Proxy Authentication Required"
        return "200 Connection established" if target in self.hosts else "403 Forbidden"

    def stop(self):
        self._hanging.set()
        _close(self._listening)


class TlsFront:
    """TLS for a plain server on 127.0.0.1, with a certificate of this name by an authority of its own."""

    def __init__(self, folder, name: str, port: int):
        self.ca = folder / "ca.pem"
        key, request, certificate, extension = (folder / part for part in ("key.pem", "request.pem", "server.pem", "extension"))
        extension.write_text(f"subjectAltName=DNS:{name}\n", encoding="ascii")
        run = lambda *words: subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)
        run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=authority",
            "-keyout", folder / "ca.key", "-out", self.ca)
        run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}", "-keyout", key,
            "-out", request)
        run("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", folder / "ca.key", "-CAcreateserial", "-days", "2", "-out",
            certificate, "-extfile", extension)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate, key)
        self.to = port
        self._listening, self.port = _serve(self._handle)

    def _handle(self, client):
        with self._context.wrap_socket(client, server_side=True) as secured, \
                socket.create_connection(("127.0.0.1", self.to), timeout=30) as server:
            server.settimeout(None)
            _join(secured, server)

    def stop(self):
        _close(self._listening)
