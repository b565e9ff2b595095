"""What fails in the harness is no finding: it is not judged, it ends no search, and a round that it ended is begun again."""

import json
import threading
import types
from types import SimpleNamespace

import pytest

from harness import campaign, round as round_of
from harness.checker import Options
from harness.tally import Tally


class Told(Exception):
    """The harness's own."""


class NoBed:
    """Brokers that nobody asks for anything."""

    def __init__(self, folder):
        self.folder = folder

    def registry(self):
        return types.SimpleNamespace(url="http://127.0.0.1:1", pause=lambda: None, go_on=lambda: None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def wait_healthy(self, _seconds=60):
        pass

    def delete_topics(self, _prefix):
        pass


@pytest.fixture
def run(monkeypatch, capsys):
    """A campaign whose rounds do what is listed, one after the other: (exit code, seeds of the rounds, its last line)."""

    def ran(*does, arguments=("--kills", "20", "--records", "0")):
        left, seeds = list(does), []

        class Scripted:
            def __init__(self, _bed, _folder, seed, _count, _seconds, tally, _options, bug):
                self.tally = tally
                seeds.append((seed, bug))

            def run(self):
                for _ in range(10):
                    self.tally.count("kills", "random")
                for counted in ("zombies", "broker_kills", "network_faults"):
                    self.tally.done[counted] += 10
                left.pop(0)(self.tally)

        monkeypatch.setattr(campaign, "Bed", NoBed)
        monkeypatch.setattr(campaign, "Round", Scripted)
        code = campaign.main(["--seed", "5", *arguments])
        return code, [seed for seed, _ in seeds], json.loads(capsys.readouterr().out.splitlines()[-1])

    return ran


def well(_tally):
    pass


def fails(_tally):
    raise Told("not read to the end")


def finds(tally):
    tally.take("c5-0", {"records": 7, "late": 0}, {"lost": ["a point"]})


def finds_and_fails(tally):
    finds(tally)
    fails(tally)


def one_is_not_driven(tally):
    tally.failed("c5-3", "TimeoutError()")


def test_a_round_that_failed_is_begun_again_with_its_seed_and_counted_once(run):
    code, seeds, told = run(well, fails, fails, well)
    assert (code, seeds) == (0, [5, 6, 6, 6])
    assert (told["kills"], told["rounds"], told["harness"]) == (20, 2, 2)


def test_three_that_failed_in_a_row_end_the_campaign(run):
    code, seeds, told = run(fails, fails, well, fails, fails, fails)
    assert (code, seeds) == (2, [5, 5, 5, 6, 6, 6])
    assert (told["kills"], told["harness"]) == (10, 5)


def test_what_a_round_found_before_it_failed_is_not_forgotten(run):
    code, _, told = run(finds_and_fails, well, well)
    assert code == 1
    assert (told["lost"], told["records"], told["kills"]) == (1, 0, 20)


def test_a_search_ends_with_a_finding_and_not_with_a_failure(run):
    search = ("--kills", "1000", "--until-found", "--bug", "some-bug")
    code, seeds, told = run(one_is_not_driven, fails, well, finds, arguments=search)
    assert (code, seeds) == (1, [5, 6, 6, 7])
    assert (told["lost"], told["harness"]) == (1, 2)


def test_a_deployment_whose_driving_failed_is_not_judged(monkeypatch, tmp_path):
    drivers = []

    class Broken:
        def __init__(self, _bed, _folder, name, *_):
            self.deployment = SimpleNamespace(name=name, close=lambda: None)
            self.over = False
            drivers.append(self)

        def begin(self):
            pass

        def live(self):
            raise Told("no metadata")

    monkeypatch.setattr(round_of, "Driver", Broken)
    tally = Tally()
    one = round_of.Round(NoBed(tmp_path), tmp_path, 5, 1, 60, tally, Options())
    driving = threading.Thread(target=one._drive, args=(0,))
    driving.start()
    one.made.wait(10)
    driving.join(10)
    assert drivers[0].over
    assert not tally.troubles and [name for name, _ in tally.failures] == ["c5-0"]


def test_a_deployment_that_cannot_be_made_ends_the_round_before_it_began_and_is_the_only_one_told(monkeypatch, tmp_path):
    class Unmade:
        def __init__(self, _bed, _folder, name, *_):
            self.deployment = SimpleNamespace(name=name, close=lambda: None)

        def begin(self):
            if self.deployment.name == "c5-1":
                raise Told("no port")

    monkeypatch.setattr(round_of, "Driver", Unmade)
    tally = Tally()
    with pytest.raises(threading.BrokenBarrierError):
        round_of.Round(NoBed(tmp_path), tmp_path, 5, 3, 60, tally, Options()).run()
    assert [name for name, _ in tally.failures] == ["c5-1"]
