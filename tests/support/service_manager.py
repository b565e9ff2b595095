"""What a service manager hears of a daemon."""

import socket
import threading
import time


class ServiceManager:
    """The receiving end of NOTIFY_SOCKET: (seconds since its start, line) of all that was told."""

    def __init__(self, path):
        self.path = str(path)
        self.began = time.monotonic()
        self.told = []
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(self.path)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            try:
                message = self._socket.recv(65536)
            except OSError:
                return
            for line in message.decode().splitlines():
                self.told.append((time.monotonic() - self.began, line))

    def heard(self, line: str) -> int:
        return sum(1 for _, one in self.told if one == line)

    def close(self):
        self._socket.close()
