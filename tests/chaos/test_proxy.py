"""The proxy against a broker that echoes: each order does what it says, to the connection it is meant for and to no other."""

import socket
import struct
import threading
import time

import pytest

from harness.bed import Proxy
from kafka import free_port

PRODUCE, END_TXN = 0, 26


class Echo:
    """Sends every frame back; remembers them."""

    def __init__(self):
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.frames = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                link, _ = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(link,), daemon=True).start()

    def _serve(self, link):
        with link:
            while frame := read_frame(link):
                self.frames.append(frame)
                try:
                    link.sendall(struct.pack(">i", len(frame)) + frame)
                except OSError:
                    return


def read_exactly(link, size: int) -> bytes:
    whole = b""
    while len(whole) < size:
        try:
            more = link.recv(size - len(whole))
        except ConnectionResetError:
            return b""
        if not more:
            return b""
        whole += more
    return whole


def read_frame(link) -> bytes:
    head = read_exactly(link, 4)
    return read_exactly(link, struct.unpack(">i", head)[0]) if head else b""


class Client:
    def __init__(self, port: int, client_id: str):
        self.link = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.client_id = client_id.encode()

    def send(self, key: int, body: bytes = b"\x01"):
        frame = struct.pack(">hhih", key, 2, 7, len(self.client_id)) + self.client_id + body
        self.link.sendall(struct.pack(">i", len(frame)) + frame)

    def answer(self) -> bytes:
        return read_frame(self.link)

    def ask(self, key: int = PRODUCE, body: bytes = b"\x01") -> bytes:
        self.send(key, body)
        return self.answer()


@pytest.fixture()
def stage():
    """(proxy, echo, a client it is told to disturb, a client it is not)"""
    echo = Echo()
    port = free_port()
    proxy = Proxy([(port, echo.port)])
    mine, other = Client(port, "host-4711-ab"), Client(port, "host-99-cd")
    assert mine.ask() and other.ask()
    yield proxy, echo, mine, other
    proxy.stop()
    echo.server.close()


def seconds_of(action) -> float:
    began = time.monotonic()
    assert action()
    return time.monotonic() - began


def ordered(proxy: Proxy, *words, **options) -> str:
    """The order is in force when this returns: one more order has been answered after it."""
    name = proxy.order(*words, **options)
    proxy.order("clear", id="nothing")
    time.sleep(0.1)
    return name


def test_silence_holds_both_ways_and_ends_by_itself(stage):
    proxy, _, mine, other = stage
    ordered(proxy, "link", "silent", match="-4711-", for_=2000)
    assert seconds_of(other.ask) < 1
    assert seconds_of(mine.ask) > 0.7


def test_delay_and_slowness_take_their_time(stage):
    proxy, _, mine, other = stage
    late = ordered(proxy, "link", "delay", match="-4711-", lag=600)
    assert seconds_of(mine.ask) > 1.1 and seconds_of(other.ask) < 1
    proxy.order("clear", id=late)
    ordered(proxy, "link", "slow", match="-4711-", rate=10000)
    assert seconds_of(lambda: mine.ask(body=b"x" * 3000)) > 0.5


def test_cut_reset_and_refused_connections_end(stage):
    proxy, _, mine, other = stage
    ordered(proxy, "cut", match="-4711-")
    assert mine.answer() == b""
    again = Client(other.link.getpeername()[1], "host-4711-ab")
    assert again.ask()
    ordered(proxy, "reset", match="-4711-")
    assert again.answer() == b""
    ordered(proxy, "link", "refuse", match="-4711-", for_=5000)
    refused = Client(other.link.getpeername()[1], "host-4711-ab")
    assert refused.ask() == b""
    assert other.ask()


def test_a_held_request_reaches_the_broker_when_released_though_its_client_is_cut_off(stage):
    proxy, echo, mine, other = stage
    held = ordered(proxy, "rule", "hold", match="-4711-", key=END_TXN, skip=1)
    assert mine.ask(END_TXN) and other.ask(END_TXN)
    before = len(echo.frames)
    assert mine.ask(END_TXN) == b""
    assert proxy.wait_for(f"held {held}", 5) and len(echo.frames) == before
    proxy.order("abort", id=held)
    proxy.order("release", id=held)
    assert proxy.wait_for(f"released {held}", 5)
    deadline = time.monotonic() + 5
    while len(echo.frames) == before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert echo.frames[-1][-1] == 0 and echo.frames[-1][0:2] == struct.pack(">h", END_TXN)


def test_a_lost_answer_is_a_request_that_arrived_and_a_dropped_one_is_not(stage):
    proxy, echo, mine, other = stage
    ordered(proxy, "rule", "lose_answer", match="-4711-", key=END_TXN)
    ordered(proxy, "rule", "drop", match="-99-", key=END_TXN)
    before = len(echo.frames)
    assert mine.ask(END_TXN) == b"" and other.ask(END_TXN) == b""
    deadline = time.monotonic() + 5
    while len(echo.frames) == before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert [frame[10:22] for frame in echo.frames[before:]] == [b"host-4711-ab"]


def test_an_order_that_is_not_understood_is_said_to_be_bad(stage):
    proxy, *_ = stage
    proxy.order("link", "sideways", id="odd", match="*")
    deadline = time.monotonic() + 5
    while not any(event.startswith("bad link odd") for event in proxy.events) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert any(event.startswith("bad link odd") for event in proxy.events)
