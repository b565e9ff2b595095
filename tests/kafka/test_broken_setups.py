"""Set-ups in which no data flows, or not as it should, as a new operator meets them: within a minute of the start `status`, the page
and the log say what is wrong and what to do about it, each of them alone. The clock is the real one's speed, so a minute is one."""

import dataclasses
import html
import re
import socket
import urllib.error
import urllib.request

import pytest
from confluent_kafka.admin import AclOperation
from guarded_kafka import GuardedKafka
from http_status import ask
from kafka import free_port
from parts import BINARIES, Clock, PartError, start_simulator
from progress_bed import KEY, Bed
from rights import PASSWORD, USER

WITHIN = 60
START = "2026-03-10T02:00:00Z"
SPENT_KEY = "spent-key-0123456789"
NOWHERE = "no-such-host.invalid"
SILENT = socket.create_server(("127.0.0.1", 0))  # connections are made, and nobody accepts them


@dataclasses.dataclass
class Fault:
    cause: str
    remedy: str
    api: dict = dataclasses.field(default_factory=dict)
    kafka: dict = dataclasses.field(default_factory=dict)
    budget: dict = dataclasses.field(default_factory=dict)
    simulator: tuple = ()
    may_write: bool = True
    is_spent: bool = False  # by another program, after the key has worked


FAULTS = {
    "a wrong key": Fault("401", "correct the API key", api={"api_key": "another-key-0123456789"}),
    "credits that are spent": Fault("the key has worked before: credits", "nothing is lost; more credits:",
                                    api={"api_key": SPENT_KEY}, simulator=("--key", f"{SPENT_KEY}:COMMUNITY:9"), is_spent=True),
    "no right to write": Fault("Topic authorization failed", "give this user the right Write on the topic", may_write=False),
    "a broker that is away": Fault("Connection refused", "start the brokers, or correct kafka.bootstrap_servers",
                                   kafka={"bootstrap_servers": f"127.0.0.1:{free_port()}"}),
    "a clock that is wrong by two hours": Fault("slow: going by the API's time", "set this host's clock", simulator=("--date-skew", "7200")),
    "no name service for the API": Fault(f"resolve {NOWHERE}", "mend the name service", api={"base_url": f"https://{NOWHERE}/v4"}),
    "no name service for Kafka": Fault(f"resolve '{NOWHERE}:9092'", "mend the name service",
                                       kafka={"bootstrap_servers": f"{NOWHERE}:9092"}),
    "an API that never answers": Fault("no answer within 15 s", "a proxy or a firewall on the way",
                                       api={"base_url": f"http://127.0.0.1:{SILENT.getsockname()[1]}/v4"},
                                       budget={"plan": "auto"}),
    "a wrong password of Kafka": Fault("Invalid username or password", "correct user and password under kafka.properties",
                                       kafka={"properties": {"sasl.password": "another one"}}),
}


@pytest.fixture(scope="module")
def guarded():
    with GuardedKafka() as kafka:
        yield kafka


class BrokenBed(Bed):
    fault: Fault
    login: dict

    def sections(self) -> dict:
        usual = super().sections()
        kafka = {"session_timeout": "6s", **self.login, **self.fault.kafka}
        kafka["properties"] = {**self.login["properties"], **self.fault.kafka.get("properties", {})}
        return usual | {"api": {**usual["api"], **self.fault.api}, "kafka": kafka, "budget": {**usual["budget"], **self.fault.budget}}

    def spend(self):
        """The key works until the daemon is stopped; then somebody else uses it, and the next start has something to ask for."""
        self.start().daemon.wait_until(lambda: self.told().get("records"), WITHIN)
        self.stop()
        request = urllib.request.Request(f"{self.api}/data/network/WEM?metrics=power&interval=1h",
                                         headers={"Authorization": f"Bearer {SPENT_KEY}"})
        with pytest.raises(urllib.error.HTTPError, match="401"):
            for _ in range(10):
                urllib.request.urlopen(request, timeout=10).close()
        self.streams["wem"] = "network_code: WEM, metrics: [power]"

    def by_status(self) -> str:
        if not ask(self.port, "/livez"):
            return ""  # it has only just been started
        return self.call("status")

    def by_page(self) -> str:
        """As it is read, without its markup."""
        _, page = ask(self.port, "/") or (0, "")
        return html.unescape(re.sub(r"<(style|script)>.*?</\1>|<[^>]*>", " ", page, flags=re.DOTALL))

    def by_log(self) -> str:
        """The one line that says both, where there is one."""
        lines = [line for line in self.warnings() if self.fault.remedy.lower() in line.lower()]
        return lines[0] if lines else ""


@pytest.fixture(params=FAULTS.values(), ids=FAULTS.keys())
def bed(request, guarded, tmp_path):
    fault = request.param
    clock = Clock(START, 1)
    simulator, api = start_simulator(BINARIES, tmp_path, clock, KEY, "--calm", "--rate-limit", "off", *fault.simulator)
    one = BrokenBed(tmp_path, guarded.bootstrap, api, clock, {"nem": "metrics: [power]"}, start="-2h")
    one.fault = fault
    one.login = {"bootstrap_servers": guarded.guarded, "properties": {
        "security.protocol": "sasl_plaintext", "sasl.mechanisms": "PLAIN", "sasl.username": USER, "sasl.password": PASSWORD}}
    topic = f"{one.topics}.nem"
    if not fault.may_write:
        guarded.rights.deny(topic, AclOperation.WRITE)
    yield one
    if one.daemon:
        one.daemon.kill()
    simulator.stop()
    if not fault.may_write:
        guarded.rights.allow(topic, AclOperation.WRITE)


def test_cause_and_remedy_are_told_within_a_minute_by_each_alone(bed):
    if bed.fault.is_spent:
        bed.spend()
    bed.start()
    places = {"status": bed.by_status, "the page": bed.by_page, "the log": bed.by_log}
    words = [bed.fault.cause.lower(), bed.fault.remedy.lower()]
    told = {}

    def is_told() -> bool:
        for place in [one for one in places if one not in told]:
            text = places[place]()
            if all(word in text.lower() for word in words):
                told[place] = text
        return told.keys() == places.keys()

    try:
        bed.daemon.wait_until(is_told, WITHIN)
    except PartError as late:
        silent = {place: says() for place, says in places.items() if place not in told}
        raise AssertionError(f"{words} are not told by {silent}") from late
