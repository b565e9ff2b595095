"""The status page in a real Chromium, in each state that a daemon may be in."""

import os
import pathlib
import subprocess
import sys
import urllib.request

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support")]

from browser import Browser
from daemon_config import config
from kafka import free_port
from parts import BINARIES, Clock, start_daemon, start_mock_kafka, start_simulator

STATES = ["healthy", "lagging", "credits-spent", "kafka-away", "bad-key", "standby", "fifty"]
SIZES = {"wide": (1280, 900), "phone": (390, 844)}
# What a stranger reads first.
SENTENCES = {
    "healthy": "Data flows: all 3 streams are at the newest data.",
    "lagging": "Data flows, but some of it is late.",
    "credits-spent": "Data waits: the day's credits are spent.",
    "kafka-away": "No data flows.",
    "bad-key": "No data flows.",
    "standby": "Standing by: another instance leads; this one takes over when it ends.",
    "fifty": "Data flows, but not of every stream.",
}


@pytest.fixture(scope="session")
def axe(tmp_path_factory) -> str:
    given = os.environ.get("OES_AXE")
    if given:
        return pathlib.Path(given).read_text(encoding="utf-8")
    folder = tmp_path_factory.mktemp("axe")
    subprocess.run(["npm", "pack", "--silent", "axe-core@4"], cwd=folder, check=True, timeout=300, stdout=subprocess.DEVNULL)
    archive = next(folder.glob("axe-core-*.tgz"))
    subprocess.run(["tar", "xzf", archive, "package/axe.min.js"], cwd=folder, check=True)
    return (folder / "package" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def pictures(tmp_path_factory) -> pathlib.Path:
    given = os.environ.get("OES_PICTURES")
    folder = pathlib.Path(given) if given else tmp_path_factory.mktemp("pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module", params=STATES)
def served(request):
    """(state, address) of a page in that state."""
    server = subprocess.Popen([BINARIES.parent / "tests" / "page_server", request.param], stdout=subprocess.PIPE, text=True)
    try:
        yield request.param, f"http://127.0.0.1:{int(server.stdout.readline())}/"
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture(scope="module", params=["light", "dark"])
def browser(request, tmp_path_factory):
    with Browser(tmp_path_factory.mktemp("browser"), dark=request.param == "dark") as window:
        window.theme = request.param
        yield window


class TestPage:
    @pytest.mark.parametrize("size", SIZES)
    def test_each_state_is_told_at_once_and_axe_finds_nothing(self, served, browser, size, axe, pictures):
        state, url = served
        browser.resize(*SIZES[size])
        browser.open(url)
        assert browser.run("return document.querySelector('.sentence').textContent") == SENTENCES[state]
        assert browser.run("return document.title").endswith(SENTENCES[state])
        browser.picture(pictures / f"{state}-{browser.theme}-{size}.png")
        assert browser.run("return document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
        found = browser.run_async(axe + "; axe.run().then(r => arguments[arguments.length - 1](r.violations.map("
                                        "v => v.id + ': ' + v.nodes.map(n => n.target + ' ' + n.failureSummary).join(' | '))))")
        assert not found, "\n".join(found)
        assert not browser.complaints(url)

    def test_focus_scroll_and_what_is_typed_survive_each_refresh(self, served, browser):
        state, url = served
        if state != "fifty":
            pytest.skip("of fifty streams")
        browser.resize(*SIZES["wide"])
        browser.open(url)
        browser.type("#filter", "stream-1")
        assert browser.run("return document.getElementById('count').textContent") == "10 of 53 streams"
        browser.run("document.getElementById('filter').scrollIntoView(); scrollBy(0, 100); window.row ="
                    " document.querySelector('[data-key=region-stream-17]'); window.box = document.getElementById('filter')")
        before = browser.run("return [scrollY, document.querySelector('.clock').textContent]")
        for _ in range(3):
            browser.wait_until("return document.querySelector('.clock').textContent !== arguments[0]", before[1])
            before[1] = browser.run("return document.querySelector('.clock').textContent")
        assert browser.run("return document.activeElement === window.box && window.box.isConnected")
        assert browser.run("return window.box.value") == "stream-1"
        assert browser.run("return scrollY") == before[0]
        assert browser.run("return window.row.isConnected && !window.row.hidden")
        assert browser.run("return [...document.querySelectorAll('#rows tr')].filter(r => !r.hidden).length") == 10

    def test_fifty_streams_are_sorted_worst_first(self, served, browser):
        state, url = served
        if state != "fifty":
            pytest.skip("of fifty streams")
        browser.open(url)
        browser.run("const s = document.getElementById('sort'); s.value = 'state';"
                    " s.dispatchEvent(new Event('input', {bubbles: true}))")
        assert browser.run("return document.querySelector('#rows tr').dataset.key") == "region-stream-17"
        clock = browser.run("return document.querySelector('.clock').textContent")
        browser.wait_until("return document.querySelector('.clock').textContent !== arguments[0]", clock)
        assert browser.run("return document.querySelector('#rows tr').dataset.key") == "region-stream-17"

    def test_nothing_is_asked_for_while_nobody_looks(self, served, browser):
        state, url = served
        if state != "healthy":
            pytest.skip("of one state")
        browser.open(url)
        browser.run("window.asked = 0; const real = fetch; window.fetch = (...all) => { ++window.asked; return real(...all) }")
        browser.wait_until("return window.asked > 1")
        browser.run("Object.defineProperty(document, 'hidden', {get: () => true, configurable: true}); window.asked = 0")
        browser.run_async("setTimeout(arguments[arguments.length - 1], 6000)")
        assert browser.run("return window.asked") == 0

    def test_a_page_that_waits_for_a_selection_says_so(self, served, browser):
        state, url = served
        if state != "healthy":
            pytest.skip("of one state")
        browser.open(url)
        browser.run("getSelection().selectAllChildren(document.querySelector('#live'))")
        assert browser.run("return document.getElementById('paused').hidden")  # for a moment nobody minds
        browser.wait_until("return !document.getElementById('paused').hidden")
        browser.run("getSelection().removeAllRanges()")
        browser.wait_until("return document.getElementById('paused').hidden")

    def test_a_daemon_that_is_gone_is_told(self, browser):
        server = subprocess.Popen([BINARIES.parent / "tests" / "page_server", "healthy"], stdout=subprocess.PIPE, text=True)
        browser.open(f"http://127.0.0.1:{int(server.stdout.readline())}/")
        assert browser.run("return document.getElementById('lost').hidden")
        server.kill()
        server.wait(timeout=30)
        browser.wait_until("return !document.getElementById('lost').hidden")


KEY = "status-page-test-key-0123456789"
STREAMS = {
    "generation": {"metrics": ["power"], "primary_grouping": "network_region", "secondary_grouping": "fueltech_group",
                   "start": "-23h"},
    "market": {"metrics": ["price", "demand"], "primary_grouping": "network_region", "start": "-23h"},
}


class Daemon:
    """A daemon beside the simulator, 60 times as fast as real time, and a mock Kafka; or without one."""

    def __init__(self, folder: pathlib.Path, key: str = KEY, kafka: bool = True):
        clock = Clock("2026-11-27T10:00:00Z", 60)
        simulator, api = start_simulator(BINARIES, folder, clock, KEY)
        self.parts = [simulator]
        bootstrap = f"127.0.0.1:{free_port()}"
        if kafka:
            broker, bootstrap = start_mock_kafka(BINARIES, folder)
            self.parts.append(broker)
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/"
        text = config("page", folder, base_url=api, bootstrap=bootstrap, streams=STREAMS, port=port, clock=clock,
                      api={"api_key": key}, delivery="at_least_once")
        self.parts.append(start_daemon(BINARIES, folder, text))

    def wait(self, browser):
        """Until its page is there."""
        self.parts[-1].wait_until(self._answers, 60)
        browser.open(self.url)
        return browser

    def _answers(self) -> bool:
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(self.url + "livez", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for part in reversed(self.parts):
            part.stop()


class TestDaemon:
    def test_a_daemon_that_reads_shows_its_data(self, browser, tmp_path, pictures):
        with Daemon(tmp_path) as daemon:
            page = daemon.wait(browser)
            page.resize(*SIZES["wide"])
            page.wait_until("return document.querySelector('.sentence').textContent.startsWith('Data flows: all 2 streams')")
            for drawn in ("path.f-coal", "path.f-solar", ".price path.line", ".spark path", ".records li", ".events li"):
                page.wait_until("return document.querySelector(arguments[0]) !== null", drawn)
            assert "Generation by fueltech group from stream generation" in page.run(
                "return document.querySelector('figcaption').textContent")
            # Charging and pumps are below the zero line, all else above.
            zero = page.run("const box = e => document.querySelector(e).getBBox(); return [box('path.f-coal').y +"
                            " box('path.f-coal').height, box('path.f-battery_charging').y]")
            assert abs(zero[0] - zero[1]) <= 1
            assert page.run("return document.querySelectorAll('.price path.line').length") == 5
            assert "MW" in page.run("return document.querySelector('.records li').textContent + document.body.textContent")
            page.picture(pictures / f"daemon-{browser.theme}.png")
            assert not page.complaints(daemon.url)

    def test_streams_are_shown_while_kafka_is_away(self, browser, tmp_path):
        with Daemon(tmp_path, kafka=False) as daemon:
            page = daemon.wait(browser)
            page.wait_until("return document.querySelector('.sentence').textContent === 'No data flows.'")
            assert page.run("return [...document.querySelectorAll('#rows tr')].map(r => r.dataset.key)") == list(STREAMS)
            assert "Kafka" in page.run("return document.querySelector('.reason').textContent")

    def test_a_key_that_is_refused_is_told_with_what_to_do(self, browser, tmp_path):
        with Daemon(tmp_path, key="another-key-0123456789") as daemon:
            page = daemon.wait(browser)
            told = page.wait_until("const r = document.querySelector('.reason'); return r && r.textContent")
            page.wait_until("return /API key not accepted/.test(document.querySelector('.health').textContent)")
            told = page.run("return document.querySelector('.health').textContent")
            assert told.startswith("No data flows.") and "Correct the API key" in told


def test_the_policy_lets_nothing_but_the_page_itself_run(served):
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(served[1], timeout=60) as answer:
        policy = answer.headers["Content-Security-Policy"]
    assert "unsafe" not in policy and "default-src 'none'" in policy and "script-src 'sha256-" in policy
