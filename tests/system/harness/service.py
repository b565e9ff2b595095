"""The service on a machine, as an operator sets it up by the handbook."""

import json

from harness.world import KEY, answer

UNIT = "openelectricity-stream.service"
CONFIG = "/etc/openelectricity-stream/openelectricity-stream.yaml"
SECRET = "/etc/openelectricity-stream/secrets/api_key"


class Service:
    def __init__(self, machine, world, name: str, port: int):
        self.machine = machine
        self.world = world
        self.name = name
        self.port = port

    def configure(self, more: str = "", **settings):
        self.machine.put(SECRET, KEY + "\n", 0o640, "root:openelectricity-stream")
        self.write_config(self.world.config(self.name, self.port, more, **settings))

    def write_config(self, text: str):
        self.machine.put(CONFIG, text)

    def ctl(self, verb: str, check: bool = True):
        return self.machine.run("systemctl", verb, UNIT, check=check)

    @property
    def state(self) -> str:
        return self.machine.property(UNIT, "ActiveState")

    @property
    def pid(self) -> int:
        return int(self.machine.property(UNIT, "MainPID"))

    def flows(self, seconds: float = 240):
        """Until something new was published."""
        before = self.world.count(self.name)
        self.machine.until(lambda: self.world.count(self.name) > before, seconds, self.told)

    def stop_whole(self):
        """Stops it, and holds what was published against what was served."""
        self.ctl("stop")
        progress = self.machine.run("cat", "/var/lib/openelectricity-stream/progress.json").stdout
        assert not self.world.faults(self.name, json.loads(progress))

    def told(self) -> str:
        return f"{self.machine.run('systemctl', 'status', '--no-pager', UNIT, check=False).stdout}\n{self.machine.journal()}"

    def answer(self, path: str):
        return answer(self.port, path)
