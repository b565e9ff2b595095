"""What the harness tells a deployment's simulator while it runs (src/simulator/control.hpp)."""

import json
import urllib.request

# (kind, more of the order): what a whole API does for a while.
OUTAGES = {"maintenance": {"kind": "maintenance"}, "proxy": {"kind": "html"}, "failing": {"kind": "status", "status": 500},
           "resets": {"kind": "reset"}, "refusing": {"kind": "unauthorized"}, "limited": {"kind": "ratelimit", "seconds": 1},
           "slow": {"kind": "delay", "seconds": 1}, "odd-me": {"kind": "odd-me"}, "no-me": {"kind": "status", "status": 503, "match": "/me"},
           "market-away": {"kind": "status", "status": 503, "match": "/market/"}, "leaving-out": {"kind": "no-labels"},
           "ahead": {"kind": "ahead", "seconds": 86400}, "off-grid": {"kind": "off-grid"}}
KINDS = (*OUTAGES, "date")


class SimulatorOrders:
    def __init__(self, api: str):
        self._base = api.removesuffix("/v4")

    def _ask(self, method: str, path: str, body: bytes = b"") -> bytes:
        request = urllib.request.Request(self._base + path, data=body or None, method=method)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.read()

    def outage(self, kind: str, seconds: int):
        """By itself over after so many real seconds."""
        self._ask("POST", "/_sim/faults", json.dumps({**OUTAGES[kind], "count": -1, "for": seconds}).encode())

    def skew_date(self, seconds: int):
        self._ask("POST", f"/_sim/clock?date_skew={seconds}", b"{}")

    def set_speed(self, speed: float) -> dict:
        """How fast the API's time runs from here on; its new anchor."""
        return json.loads(self._ask("POST", f"/_sim/clock?speed={speed:g}", b"{}"))

    def be_good(self):
        """No faults, no lies and the right Date from now on."""
        self._ask("DELETE", "/_sim/faults")
        self.skew_date(0)
