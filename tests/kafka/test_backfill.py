"""`backfill` against a real Kafka: with the daemon and without, killed on the way, refreshed, refused."""

import datetime
import json
import math
import os
import random
import re
import select
import signal
import subprocess
import time
import urllib.parse

import pytest
from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient

from oracle_check import check, served_points
from parts import BINARIES, Clock, start_simulator
from progress_bed import Bed, open_terminal, repeats

# Five simulated minutes in a second.
SPEED = 300
START = "2026-03-10T02:00:00Z"
NOON = "2026-03-10T12:00:00+10:00"
COMMUNITY = "backfill-key-0123456789"
STREAMS = {"hourly": "metrics: [power, price], interval: 1h, primary_grouping: network, trigger: 1h",
           "fine": "metrics: [power], trigger: 30m"}
KILLS = 10


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    clock = Clock(START, SPEED)
    simulator, api = start_simulator(BINARIES, folder, clock, "unused-key-0123456789", "--key", f"{COMMUNITY}:COMMUNITY",
                                     "--rate-limit", "off", "--history-days", "735", "--served-log", str(folder / "served"))
    yield {"api": api, "clock": clock, "served": folder / "served"}
    simulator.stop()


class BackfillBed(Bed):
    """A deployment with a COMMUNITY key; `pause`: simulated seconds between two requests."""

    pause = 30

    def sections(self) -> dict:
        return super().sections() | {"api": {"api_key": COMMUNITY},
                                     "budget": {"plan": "COMMUNITY", "requests_per_second": 1 / self.pause}}

    def command(self, *arguments) -> list:
        file = self.folder / "openelectricity-stream.yaml"
        file.write_text(self.config(), encoding="utf-8")
        file.chmod(0o600)
        return [BINARIES / "openelectricity-stream", "backfill", *arguments, "--config", file]

    def backfill(self, *arguments, code: int = 0) -> str:
        done = subprocess.run(self.command(*arguments), text=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=90,
                              check=False)
        assert done.returncode == code, f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def covered(self, stream: str) -> float:
        """Hours covered, over all metrics."""
        said = self.progress()
        total = 0.0
        for member in (said["streams"].get(stream, {}) if said else {}).values():
            for begin, end in member["covered"]:
                total += (instant(end) - instant(begin)).total_seconds() / 3600
        return total


def instant(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


@pytest.fixture
def make(world, bootstrap, tmp_path):
    beds = []

    def made(streams, **options):
        options = {"bootstrap": bootstrap, "clock": world["clock"], "start": "2026-03-10T11:00:00", **options}
        beds.append(BackfillBed(tmp_path, api=world["api"], streams=streams, **options))
        return beds[-1]

    yield made
    for bed in beds:
        if bed.daemon:
            bed.daemon.kill()


def requests_before(world, day: str) -> list:
    """(path, begin, end) of every answer so far to a request that begins before `day` in network time."""
    found = []
    for line in world["served"].read_text(encoding="utf-8").splitlines():
        if '"request"' not in line:
            continue
        target = urllib.parse.urlsplit(json.loads(line)["request"].split(" ")[-1])
        asked = urllib.parse.parse_qs(target.query)
        if asked.get("date_start", ["9"])[0] < day:
            found.append((target.path, asked["interval"][0], asked["date_start"][0], asked.get("date_end", [""])[0]))
    return found


def oracle(bed, world, begins: dict, but_not=None):
    """Of the streams in `begins` (stream → time): nothing missing from there on, no digit wrong, nothing twice. `but_not`: two times between which
    other tests were served, not this one."""
    served = served_points(world["served"])
    if but_not:
        left, right = (instant(time).timestamp() for time in but_not)
        served = {point: answers for point, answers in served.items() if not left <= point[4] < right}
    progress = bed.progress()
    records = [r for r in bed.records() if r["stream"] in begins]
    for stream, begin in begins.items():
        for member in progress["streams"][stream].values():
            member["start"] = begin
    report = check([(r["topic"], r["key"], r["text"]) for r in records], served, progress)
    for fault in ("lost", "repeated", "wrong", "unserved", "bad_version"):
        assert not report[fault], (fault, report[fault][:5])
    return report


def run_and_kill(bed, arguments: tuple, chance: random.Random, kills: int, victim) -> int:
    """Runs the command until it is done; on its way `victim(command)` kills `kills` times. How many met it."""
    met = 0
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        command = subprocess.Popen(bed.command(*arguments), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True)
        said = []
        if met < kills:
            # Progress is told with each request: kill at a random moment of a chunk.
            wanted = chance.randrange(1, 3)
            for line in command.stderr:
                said.append(line)
                wanted -= line.startswith("chunk")
                if wanted <= 0:
                    time.sleep(chance.uniform(0, 0.2))
                    if command.poll() is None:
                        victim(command)
                        met += 1
                    break
        said.append(command.communicate(timeout=90)[1])
        if command.returncode == 0:
            return met
        # The daemon may not lead again yet.
        assert command.returncode in (-signal.SIGKILL, 1, 75), said
        time.sleep(0.1)
    raise TimeoutError("".join(said))


def test_two_years_of_1h_and_sixty_days_of_5m_killed_ten_times_in_the_fewest_requests(make, world):
    seed = int(os.environ.get("OES_SEED", random.randrange(1 << 30)))
    print(f"seed {seed}")
    chance = random.Random(seed)
    bed = make(STREAMS).start({"fine": "2026-03-10T11:30:00+10:00"})
    hourly = ("--stream", "hourly", "--from", "2024-03-13", "--to", "2026-03-10T11:00:00")
    fine = ("--stream", "fine", "--from", "2026-01-09T11:00:00", "--to", "2026-03-10T11:00:00")
    asked = len(requests_before(world, "2026-03-10T10"))

    def daemon_dies(_):
        bed.daemon.kill()
        bed.daemon.start()

    def command_dies(command):
        command.kill()

    killed = run_and_kill(bed, hourly, chance, 4, daemon_dies)
    killed += run_and_kill(bed, fine, chance, 2, command_dies)
    bed.stop()
    by_daemon = killed
    # With no daemon the command is the writer.
    alone = ("--stream", "fine", "--from", "2025-10-11T11:00:00", "--to", "2026-01-09T11:00:00")
    killed += run_and_kill(bed, alone, chance, KILLS - killed, command_dies)
    used = requests_before(world, "2026-03-10T10")[asked:]
    first = instant("2024-03-13T00:00:00+10:00")
    bounds = {"hourly": 2 * math.ceil((instant("2026-03-10T11:00:00+10:00") - first) / datetime.timedelta(days=32)),
              "fine": math.ceil(60 / 8), "fine alone": math.ceil(90 / 8)}
    report = oracle(bed, world, {"hourly": "2024-03-13T00:00:00+10:00", "fine": "2025-10-11T11:00:00+10:00"})
    print(json.dumps({"kills": killed, "by_daemon": by_daemon, "requests": len(used), "bound": sum(bounds.values()),
                      "repeated_by_kills": len(used) - len(set(used)), "records": report["records"], **bounds}))
    assert killed == KILLS
    assert sum(bounds.values()) <= len(used) <= sum(bounds.values()) + killed
    assert len(set(used)) == sum(bounds.values())
    assert report["expected"] > 200_000 and not repeats(bed.records())
    labels = {(r["stream"], r["interval"]) for r in bed.records() if r.get("backfill")}
    assert min(label for stream, label in labels if stream == "hourly") == "2024-03-13T00:00:00+10:00"
    # Nothing is left, and what is covered is not asked for again.
    assert "nothing to do" in bed.backfill(*fine)
    assert len(requests_before(world, "2026-03-10T10")) == asked + len(used)
    bed.run("verify")


def test_a_dry_run_asks_for_nothing_with_the_daemon_and_without(make, world):
    bed = make({"hourly": STREAMS["hourly"]}).start({"hourly": "2026-03-10T11:00:00+10:00"})
    order = ("--stream", "hourly", "--from", "2020-01-01", "--to", "2026-03-20", "--dry-run")
    before = len(requests_before(world, "2026-03-10T10"))
    said = bed.backfill(*order)
    bed.stop()
    stood = bed.progress()["sequence"]
    alone = bed.backfill(*order)
    for text in (said, alone):
        assert re.search(r"^requests +46$", text, re.M), text
        assert re.search(r"^credits +46; ", text, re.M), text
        assert re.search(r"^records +about \d", text, re.M), text
        assert "network (power): 23 requests of at most 32 days" in text
        assert "COMMUNITY" in text and "the live stream" in text and "no data was asked for" in text
    assert len(requests_before(world, "2026-03-10T10")) == before
    assert bed.progress()["sequence"] == stood


def test_unit_series_are_backfilled_in_as_many_requests_as_the_dry_run_said(make, world):
    bed = make({"units": "facility_code: all, metrics: [power], trigger: 30m"})
    bed.pause = 10
    bed.start({"units": "2026-03-10T11:30:00+10:00"})
    order = ("--stream", "units", "--from", "2026-03-04", "--to", "2026-03-10T11:00:00")
    said = bed.backfill(*order, "--dry-run")
    requests, windows = re.search(r"facility \(power\): (\d+) requests in (\d+) window", said).groups()
    command = subprocess.Popen(bed.command(*order), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    bed.daemon.wait_until(lambda: bed.status().get("backfill"))
    bed.daemon.kill()
    command.communicate(timeout=20)
    assert command.returncode != 0
    done = bed.backfill(*order)  # alone
    assert f"from {requests} request" in done or int(windows) > 1, (said, done)
    assert "nothing to do" in bed.backfill(*order)
    report = oracle(bed, world, {"units": "2026-03-04T00:00:00+10:00"})
    print({"requests": requests, "windows": windows, "records": report["records"], "said": done})
    assert report["records"] > 20_000 and not repeats(bed.records())


def test_what_makes_no_sense_is_refused(make):
    bed = make({"hourly": STREAMS["hourly"]}).start({"hourly": "2026-03-10T11:00:00+10:00"})
    day = ("--from", "2026-01-01", "--to", "2026-01-02")
    assert "only hourly" in bed.backfill("--stream", "weekly", *day, code=78)
    assert "only power, price" in bed.backfill("--stream", "hourly", "--metric", "energy", *day, code=78)
    assert "is no time" in bed.backfill("--stream", "hourly", "--from", "then", "--to", "2026-01-02", code=78)
    assert "--to" in bed.backfill("--stream", "hourly", "--from", "2026-01-01", code=2)
    assert "--yes" in bed.backfill("--stream", "hourly", *day, "--republish", code=2)


def test_a_stop_and_another_operators_change_leave_a_backfill_whole(make, world):
    bed = make(STREAMS)
    bed.pause = 120
    bed.start({"fine": "2026-03-10T11:30:00+10:00"})
    order = ("--stream", "fine", "--from", "2025-11-01", "--to", "2026-02-01")
    command = subprocess.Popen(bed.command(*order), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    bed.daemon.wait_until(lambda: bed.covered("fine") > 300)
    status = subprocess.run([BINARIES / "openelectricity-stream", "status", "--config", bed.command()[-1]], text=True,
                            capture_output=True, timeout=20, check=True).stdout
    assert re.search(r"^backfill fine  2025-11-01 to 2026-02-01  chunks \d+ of 12", status, re.M), status
    assert "one at a time" in bed.backfill(*order, code=75)
    bed.run("seek", "--stream", "hourly", "--to", "2026-03-10T10:00:00", "--reason", "a test", "--yes")
    reached = bed.covered("fine")
    bed.daemon.wait_until(lambda: bed.covered("fine") > reached)  # it goes on in the next walk
    began = time.monotonic()
    bed.stop()
    assert time.monotonic() - began < 10
    out, err = command.communicate(timeout=20)
    assert command.returncode == 75 and "goes on where it stopped" in err, (out, err)
    bed.pause = 10
    alone = subprocess.Popen(bed.command(*order), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             text=True)
    for line in alone.stderr:
        if line.startswith("chunk 2"):
            break
    alone.send_signal(signal.SIGTERM)
    assert "goes on where it stopped" in alone.communicate(timeout=20)[1]
    assert "done" in bed.backfill(*order)
    oracle(bed, world, {"fine": "2025-11-01T00:00:00+10:00"}, ("2026-02-01T00:00:00+10:00", "2026-03-10T11:00:00+10:00"))
    assert not repeats([r for r in bed.records() if r["stream"] == "fine"])


def test_a_refresh_publishes_only_what_changed(make, world):
    bed = make({"fine": "metrics: [power], trigger: 30m"})
    bed.start_at = "latest"
    bed.start({"fine": NOON})
    order = ("--stream", "fine", "--from", (instant(bed.now()) - datetime.timedelta(hours=30)).isoformat(), "--to",
             (instant(bed.now()) - datetime.timedelta(hours=1)).isoformat())
    bed.backfill(*order)
    bed.stop()
    before = bed.records()
    known = {(r["key"], r["revision"]) for r in before}
    deadline = time.monotonic() + 60
    news = []
    while not news and time.monotonic() < deadline:  # the API revises as the simulated clock goes on
        said = bed.backfill(*order, "--refresh")
        news = [r for r in bed.records() if (r["key"], r["revision"]) not in known]
    old = {r["key"]: r for r in before}
    changed = [r for r in news if r["key"] in old and r.get("backfill")]
    assert changed, said
    last = dict(old)  # what one pass published may be read only behind the next one
    for one in changed:
        was = last[one["key"]]
        assert one["revision"] == was["revision"] + 1 and one["value"] != was["value"], (was, one)
        last[one["key"]] = one
    assert len(changed) < len([r for r in before if r.get("backfill")]) / 2
    assert not bed.member("fine").get("refresh")
    oracle(bed, world, {"fine": bed.member("fine")["start"]})
    bed.backfill(*order, "--refresh")
    assert not repeats(bed.records())
    bed.run("verify")


def test_a_refresh_is_refused_where_retention_took_the_records_and_a_republication_is_not(make):
    bed = make({"fine": "metrics: [power], trigger: 30m"}).start({"fine": "2026-03-10T11:30:00+10:00"})
    order = ("--stream", "fine", "--from", "2026-03-01", "--to", "2026-03-05")
    bed.backfill(*order)
    bed.stop()
    count = len([r for r in bed.records() if r.get("backfill")])
    admin = AdminClient({"bootstrap.servers": bed.bootstrap})
    topic = f"{bed.topics}.fine"
    gone = [TopicPartition(topic, number, 500) for number in range(3)]
    for future in admin.delete_records(gone).values():
        future.result(15)
    before = len(bed.records())
    said = bed.backfill(*order, "--refresh", code=78)
    assert "retention" in said and "--republish" in said and "nothing of it was changed" in said
    assert len(bed.records()) == before and not bed.member("fine").get("refresh")
    bed.backfill(*order, "--republish", "--yes", "--reason", "the topic was cut")
    news = bed.records()[before:]
    assert len(news) == count and {r["revision"] for r in news} == {0}
    assert bed.reasons()[-1]["reason"] == "the topic was cut"
    bed.run("verify")


def test_on_a_terminal_a_bar_is_drawn_over_itself(make):
    bed = make({"hourly": STREAMS["hourly"]})
    bed.pause = 60
    bed.start({"hourly": "2026-03-10T11:00:00+10:00"})
    screen, terminal = open_terminal()
    command = subprocess.Popen(bed.command("--stream", "hourly", "--from", "2025-06-01", "--to", "2026-03-01"),
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=terminal, text=True)
    os.close(terminal)
    drawn = b""
    while True:
        try:
            some = os.read(screen, 4096)
        except OSError:
            break
        if not some:
            break
        drawn += some
    out = command.communicate(timeout=60)[0]
    assert command.returncode == 0 and "done: " in out
    text = drawn.decode()
    assert text.count("\r\x1b[2K") > 4 and "hourly [" in text and "records" in text


def test_ctrl_c_at_the_question_leaves_and_changes_nothing(make):
    bed = make({"hourly": STREAMS["hourly"]}).start({"hourly": "2026-03-10T11:00:00+10:00"})
    bed.stop()
    before = bed.progress()["sequence"]
    screen, terminal = open_terminal()
    command = subprocess.Popen(bed.command("--stream", "hourly", "--from", "2026-03-01", "--to", "2026-03-02", "--republish",
                                           "--reason", "to be interrupted"),
                               stdin=terminal, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))  # ignored under nohup
    asked = b""
    while not asked.endswith(b"[y/N] "):
        there, _, _ = select.select([command.stderr], [], [], 60)
        some = os.read(command.stderr.fileno(), 4096) if there else b""
        assert some, asked
        asked += some
    command.send_signal(signal.SIGINT)
    code = command.wait(30)
    os.close(screen)
    os.close(terminal)
    assert code == -signal.SIGINT
    assert bed.progress()["sequence"] == before
