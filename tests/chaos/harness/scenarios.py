"""Directed scenarios: for each seeded bug the case that it gets wrong. Without the bug the same scenario breaks no rule."""

import pathlib
import time
from typing import Callable, NamedTuple

from confluent_kafka import Producer

from .bed import Bed
from .network import END_TXN, PRODUCE
from .stage import WAIT, Stage


def at_split(stage: Stage) -> dict:
    """Killed between the two transactions into which the bug has split one."""
    stage.dies_at("transact.split" if stage.bugs else "transact.data-sent")
    stage.start()
    stage.passes("committer.mirrored", 2)
    return stage.judged()


def behind(stage: Stage) -> dict:
    """Killed after the commit, before progress.json is written."""
    stage.dies_at("committer.before-mirror", 4)
    stage.start()
    stage.passes("committer.mirrored", 2)
    return stage.judged()


def undecided(stage: Stage) -> dict:
    """A stranger's open transaction holds the last stable offset back while the daemon commits; progress.json is gone."""
    stage.start()
    stage.passes("committer.mirrored", 2)
    stranger = Producer({"bootstrap.servers": stage.bed.direct, "transactional.id": f"stranger-{stage.deployment.name}",
                         "transaction.timeout.ms": 60000})
    stranger.init_transactions(30)
    stranger.begin_transaction()
    stranger.produce(stage.deployment.progress_topic, key="stranger", value="", partition=0)
    stranger.flush(30)
    stage.passes("committer.mirrored", 3)
    stage.daemon.kill()
    for path in (stage.daemon.progress, stage.daemon.progress.with_name("progress.json.prev")):
        path.unlink(missing_ok=True)
    read, ended = stage.passed("progress-reader.end-known"), stage.passed("progress-reader.at-end")
    stage.start(wait=False)
    if stage.bugs:
        stage.passes("committer.mirrored", 2)
    else:
        stage.until(lambda: stage.passed("progress-reader.end-known") > read, "reading again")
        time.sleep(1.5)  # a reader that stops at the last stable offset would long be through
        stage.must(stage.passed("progress-reader.at-end") == ended, "it did not wait for the undecided transaction")
    stranger.abort_transaction(30)
    stage.passes("committer.mirrored", 2)
    return stage.judged(may_refuse=bool(stage.bugs))


def _release_after_data(stage: Stage, held: str):
    """Between a transaction's data, which is delivered, and its progress (the daemon pauses there for a second)."""
    before = stage.passed("transact.data-sent")
    stage.until(lambda: stage.passed("transact.data-sent") > before, "the next transaction's data")
    time.sleep(0.4)
    stage.bed.proxy.order("release", id=held)
    stage.must(stage.bed.proxy.wait_for(f"released {held}", 10), "not released")
    stage.passes("committer.mirrored", 2)


def late_commit(stage: Stage) -> dict:
    """A commit that was sent twice arrives the first time between the next transaction's data and its progress."""
    stage.start("transact.data-sent:2:pause")
    stage.passes("committer.mirrored", 2)
    held = stage.bed.proxy.order("rule", "hold", match=stage.daemon.match(), key=END_TXN)
    stage.must(stage.bed.proxy.wait_for(f"held {held}", WAIT), "no EndTxn came")
    _release_after_data(stage, held)
    return stage.judged()


def late_abort_of_a_commit(stage: Stage) -> dict:
    """An end that was sent twice arrives the first time, as an abort, between the next transaction's data and progress."""
    stage.start("transact.data-sent:2:pause")
    stage.passes("committer.mirrored", 2)
    held = stage.bed.proxy.order("rule", "hold", match=stage.daemon.match(), key=END_TXN)
    stage.must(stage.bed.proxy.wait_for(f"held {held}", WAIT), "no EndTxn came")
    stage.bed.proxy.order("abort", id=held)
    _release_after_data(stage, held)
    return stage.judged()


def late_abort(stage: Stage) -> dict:
    """A transaction is aborted; the abort was sent twice and arrives the first time within the next transaction."""
    stage.bugs = ",".join(filter(None, (stage.bugs, "abort-all-delivered:4")))
    stage.start("transact.data-sent:2:pause")
    stage.passes("committer.mirrored", 3)  # the claim and two more; the next one is aborted
    held = stage.bed.proxy.order("rule", "hold", match=stage.daemon.match(), key=END_TXN)
    stage.must(stage.bed.proxy.wait_for(f"held {held}", WAIT), "no EndTxn came")
    _release_after_data(stage, held)
    return stage.judged()


def undelivered(stage: Stage) -> dict:
    """No Produce request arrives for longer than a record may take."""
    stage.start()
    stage.passes("committer.mirrored", 2)
    lost = stage.bed.proxy.order("rule", "drop", match=stage.daemon.match(), key=PRODUCE, times=100000)
    time.sleep(5.5)
    stage.bed.proxy.order("clear", id=lost)
    stage.passes("committer.mirrored", 2)
    return stage.judged()


def unanswered(stage: Stage) -> dict:
    """The transaction is committed, but no answer to its end arrives for longer than a commit may take."""
    stage.start()
    stage.passes("committer.mirrored", 2)
    rule = stage.bed.proxy.order("rule", "lose_answer", match=stage.daemon.match(), key=END_TXN, times=100000)
    stage.passes("leader.unsettled", 1)
    stage.bed.proxy.order("clear", id=rule)
    stage.passes("committer.mirrored", 2)
    return stage.judged()


def restarted(stage: Stage) -> dict:
    stage.start()
    stage.passes("committer.mirrored", 4)
    stage.daemon.kill()
    stage.start()
    stage.passes("committer.mirrored", 3)
    return stage.judged()


def unfinished(stage: Stage) -> dict:
    """Killed before the end of a transaction is sent: progress.json must not know of it."""
    stage.dies_at("transact.before-end", 4)
    stage.start(wait=False)
    if stage.bugs:
        stage.until(lambda: not stage.daemon.running, "refusing to start", 2 * WAIT)  # a broker might lag behind
        stage.must(stage.daemon.exit_code == 78, f"exit code {stage.daemon.exit_code}")
        stage.sample()
        decided = stage.daemon.command("progress", "reset", "--trust", "kafka", "--reason", "a test", "--yes")
        stage.must(decided.process.wait(WAIT) == 0, f"reset --trust kafka: {decided.log_tail()}")
    else:
        stage.passes("committer.mirrored", 2)
    return stage.judged()


def between_data_and_progress(stage: Stage) -> dict:
    """at_least_once, killed when the data is delivered and the progress is not."""
    stage.dies_at("deliver.data-delivered", 4)
    stage.start()
    stage.passes("committer.mirrored", 2)
    return stage.judged()


class Scenario(NamedTuple):
    bug: str
    play: Callable
    breaks: tuple           # one of these rules at least
    always: str = ""        # bugs that are in with and without `bug`: the other line of defence is down
    ignore: tuple = ()      # rules that `always` breaks by itself


SCENARIOS = (
    Scenario("progress-before-data", at_split, ("lost", "prefix")),
    Scenario("progress-in-own-transaction", at_split, ("repeated",)),
    Scenario("file-as-authority", behind, ("repeated", "progress")),
    Scenario("read-to-stable-offset", undecided, ("repeated",)),
    # What is torn depends on where the late commit meets the next transaction: at its progress, or among its data, which
    # may then lie in a transaction that nobody ends: no consumer reads past it.
    Scenario("no-retirement-after-suspicion", late_commit, ("repeated", "prefix", "progress", "lost")),
    Scenario("no-begin-record", late_abort_of_a_commit, ("lost",), "no-retirement-after-suspicion"),
    Scenario("no-retirement-after-abort", late_abort, ("lost",), "no-begin-record", ("progress", "prefix")),
    # What was believed to be committed is missing where Kafka is compared next.
    Scenario("advance-on-delivery-error", undelivered, ("lost", "prefix"), "kafka-believed"),
    # What Kafka turns out to hold ends the term before it is sent again, unless nobody compares.
    Scenario("resend-unknown", unanswered, ("repeated",), "kafka-believed"),
    Scenario("no-claim", restarted, ("progress",)),
    Scenario("ledger-not-restored", restarted, ("repeated",)),
    Scenario("dictionary-not-restored", restarted, ("repeated",)),
    Scenario("mirror-before-commit", unfinished, ("ahead",)),
)


def play(bed: Bed, folder: pathlib.Path, scenario: Scenario, with_bug: bool) -> dict:
    """The broken rules."""
    bugs = ",".join(filter(None, (scenario.always, scenario.bug if with_bug else "")))
    name = f"{scenario.bug}-{'in' if with_bug else 'out'}"
    stage = Stage(bed, folder, name, bugs)
    try:
        found = scenario.play(stage)
    finally:
        stage.close()
    return {rule: cases for rule, cases in found.items() if rule not in scenario.ignore}


def play_at_least_once(bed: Bed, folder: pathlib.Path) -> dict:
    stage = Stage(bed, folder, "at-least-once", "", "at_least_once")
    try:
        return between_data_and_progress(stage)
    finally:
        stage.close()
