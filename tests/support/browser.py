"""A real Chromium, driven by WebDriver's own protocol: Python's standard library is enough for it."""

import base64
import json
import pathlib
import shutil
import subprocess
import time
import urllib.error
import urllib.request

from kafka import free_port

ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
             "--no-proxy-server", "--force-color-profile=srgb"]


class Browser:
    """One window. `dark`, and the size, as a person's device has them."""

    def __init__(self, folder: pathlib.Path, width: int = 1280, height: int = 900, dark: bool = False):
        self.port = free_port()
        self.log = open(folder / f"chromedriver-{self.port}.log", "wb")
        self.driver = subprocess.Popen([shutil.which("chromedriver"), f"--port={self.port}"], stdout=self.log, stderr=self.log)
        self._wait_for_driver()
        arguments = ARGUMENTS + [f"--window-size={width},{height}", f"--user-data-dir={folder}/profile-{self.port}"]
        options = {"args": arguments, "binary": shutil.which("chromium")}
        session = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}}})
        self.session = f"/session/{session['sessionId']}"
        self.devtools("Emulation.setEmulatedMedia",
                      {"features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})
        self.resize(width, height)

    def _wait_for_driver(self):
        for _ in range(600):
            try:
                self._ask("GET", "/status")
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise AssertionError("chromedriver does not answer")

    def _ask(self, method: str, path: str, body=None):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", method=method,
                                         data=None if body is None else json.dumps(body).encode(),
                                         headers={"Content-Type": "application/json"})
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=120) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as refused:
            raise AssertionError(refused.read().decode()) from refused

    def devtools(self, command: str, parameters: dict):
        return self._ask("POST", self.session + "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def resize(self, width: int, height: int):
        self.devtools("Emulation.setDeviceMetricsOverride",
                      {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def open(self, url: str):
        self._ask("POST", self.session + "/url", {"url": url})

    def run(self, script: str, *arguments):
        return self._ask("POST", self.session + "/execute/sync", {"script": script, "args": list(arguments)})

    def run_async(self, script: str, *arguments):
        """The script's last argument is the function that takes its answer."""
        return self._ask("POST", self.session + "/execute/async", {"script": script, "args": list(arguments)})

    def type(self, selector: str, text: str):
        found = self._ask("POST", self.session + "/element", {"using": "css selector", "value": selector})
        element = next(iter(found.values()))
        self._ask("POST", f"{self.session}/element/{element}/value", {"text": text})

    def wait_until(self, script: str, *arguments, seconds: float = 60):
        until = time.monotonic() + seconds
        while not (found := self.run(script, *arguments)):
            assert time.monotonic() < until, f"not within {seconds} s: {script}"
            time.sleep(0.1)
        return found

    def complaints(self, url: str) -> list:
        """Errors of this page that the console has: what its own policy stops, say."""
        return [entry["message"] for entry in self._ask("POST", self.session + "/se/log", {"type": "browser"})
                if entry["level"] == "SEVERE" and url in entry["message"]]

    def picture(self, path: pathlib.Path):
        """The whole page."""
        size = self.devtools("Page.getLayoutMetrics", {})["cssContentSize"]
        shot = self.devtools("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": {
            "x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}})
        path.write_bytes(base64.b64decode(shot["data"]))

    def close(self):
        try:
            self._ask("DELETE", self.session)
        except (AssertionError, urllib.error.URLError, OSError):
            pass
        self.driver.terminate()
        self.driver.wait(timeout=30)
        self.log.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
