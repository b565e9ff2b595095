"""A broker of the suite's own, the proxy before it, and users with rights (tests/support/rights.py)."""

from harness.bed import Proxy
from kafka import Cluster
from rights import BROKER, CLIENT, Rights

SETTINGS = {
    **BROKER,
    # A transaction that is late is ended within half a second.
    "transaction.abort.timed.out.transaction.cleanup.interval.ms": "500",
}


class RealKafka:
    def __init__(self, version: str):
        self.cluster = Cluster(version=version, extra=SETTINGS)

    def __enter__(self):
        self.cluster.__enter__()
        self.node = self.cluster.nodes[0]
        self.direct = self.cluster.bootstrap
        self.proxied = f"127.0.0.1:{self.node.proxy_listen}"
        self.properties = {"security.protocol": CLIENT["security.protocol"], "sasl.mechanisms": CLIENT["sasl.mechanisms"],
                           "sasl.username": CLIENT["sasl.username"], "sasl.password": CLIENT["sasl.password"]}
        self.rights = Rights(self.direct)
        self.rights.give_all()
        self.proxy = Proxy([(self.node.proxy_listen, self.node.proxy_target)])
        return self

    def __exit__(self, *failed):
        self.proxy.stop()
        self.cluster.__exit__(*failed)
