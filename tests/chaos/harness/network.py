"""Network faults between one daemon and the brokers, through the proxy. Each ends by itself."""

from .bed import Proxy

PRODUCE, INIT_PRODUCER_ID, ADD_PARTITIONS, END_TXN = 0, 22, 24, 26
HELD = {"hold-end": END_TXN, "hold-add-partitions": ADD_PARTITIONS, "hold-produce": PRODUCE, "hold-init": INIT_PRODUCER_ID}
KINDS = ("silent", "slow", "delay", "cut", "reset", "refuse", *HELD, "lose-end", "lose-produce", "drop-end", "delay-end",
         "delay-produce")


def inject(proxy: Proxy, kind: str, match: str, chance) -> str:
    """The id of a rule whose `treated` tells that it has met its request; empty for what works at once."""
    span = chance.randint(200, 4000)
    node = chance.choice((0, 0, 1, 2, 3))
    if kind == "silent":
        proxy.order("link", "silent", match=match, node=node, for_=span)
    elif kind == "slow":
        proxy.order("link", "slow", match=match, node=node, for_=span, rate=chance.randint(2000, 40000))
    elif kind == "delay":
        proxy.order("link", "delay", match=match, node=node, for_=span, lag=chance.randint(50, 900))
    elif kind == "refuse":
        proxy.order("link", "refuse", match=match, node=node, for_=span)
    elif kind in ("cut", "reset"):
        proxy.order(kind, match=match, node=node)
    else:
        skip = chance.randint(0, 3)
        if kind in HELD:
            return proxy.order("rule", "hold", match=match, key=HELD[kind], skip=0 if kind == "hold-init" else skip,
                               times=chance.choice((1, 1, 1, 2, 5)), for_=span)
        action, key = {"lose-end": ("lose_answer", END_TXN), "lose-produce": ("lose_answer", PRODUCE),
                       "drop-end": ("drop", END_TXN), "delay-end": ("delay", END_TXN),
                       "delay-produce": ("delay", PRODUCE)}[kind]
        return proxy.order("rule", action, match=match, key=key, skip=skip, times=chance.choice((1, 1, 3, 10)),
                           for_=span)
    return ""
