#!/usr/bin/env python3
"""Scripts of the replaced source, run by Python under a spark that writes down what is loaded, and read by `migrate`: it says the
same options, or refuses. First forms that people found, then scripts of random statements (OES_SEED, OES_SCRIPTS: another seed, more)."""

import contextlib
import io
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import types
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests" / "support")]

import case_report
from parts import BINARIES

SOURCE = "openelectricity_stream"
LOAD = f'\nspark.readStream.format("{SOURCE}").options(**opts).load()\n'
NEM = 'opts = {"network_code": "NEM", "metrics": "power"}\n'


class Rows:
    def __getattr__(self, name):
        return lambda *_, **__: self

    @property
    def writeStream(self):
        return self


class Reader:
    """Takes options as Spark does: a text of each, when it is set."""

    def __init__(self, loaded):
        self.loaded, self.source, self.set = loaded, None, {}

    def format(self, source):
        self.source = source
        return self

    def option(self, key, value):
        self.set[key.lower()] = str(value)
        return self

    def options(self, **options):
        for key, value in options.items():
            self.option(key, value)
        return self

    def load(self, path=None, format=None, schema=None, **options):
        self.source = format or self.source
        self.options(**options)
        if self.source.lower() == SOURCE:
            self.loaded.append(dict(self.set))
        return Rows()


class Spark:
    def __init__(self):
        self.loaded = []

    @property
    def readStream(self):
        return Reader(self.loaded)


def job(options: dict) -> tuple:
    """What tells jobs apart, with the source's defaults."""
    metrics = options.get("metrics", "power")
    return (options.get("network_code", "NEM"), tuple(sorted(set(re.findall(r"[a-z_]+", metrics)))), options.get("interval", "5m"))


def run_by_python(script: str):
    """The jobs; None: it ends with an error, as it does for whoever starts it."""
    spark = Spark()
    settings = types.ModuleType("settings")
    settings.NETWORK = settings.net = "WEM"
    settings.opts = {"network_code": "WEM", "metrics": "energy"}
    sys.modules["settings"] = settings
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(script, "job.py", "exec"), {"spark": spark, "__name__": "__main__"})
    except SystemExit:
        pass
    except Exception:
        return None
    return {job(options) for options in spark.loaded}


def migrated(script: str):
    """The jobs, and whether it is decided elsewhere which of them there are; None: refused."""
    done = subprocess.run([BINARIES / "openelectricity-stream", "migrate", "--options", "-"], input=script, text=True,
                          capture_output=True, timeout=60, check=False)
    if done.returncode != 0:
        assert done.returncode == 78, (script, done.stdout, done.stderr)
        return None
    jobs = set()
    for stream in done.stdout.split("\n  - name: ")[1:]:
        found = dict(re.findall(r"^    (network_code|metrics|interval): (.*)$", stream, re.MULTILINE))
        jobs.add((found["network_code"], tuple(sorted(re.findall(r"[a-z_]+", found["metrics"]))), found["interval"]))
    return jobs, any(what in done.stdout.replace("\n  #   ", " ") for what in ("Whether this reader is made is decided", "Nothing in that file"))


FOUND = {
    "a branch of one line": NEM + 'if os.environ.get("WEM"): opts["network_code"] = "WEM"' + LOAD,
    "a loop of one line": NEM + 'for x in []: opts["metrics"] = "energy"' + LOAD,
    "a function of one line": NEM + 'def wem(): opts["network_code"] = "WEM"' + LOAD,
    "else of one line": 'wem = 1\nif wem: net = "WEM"\nelse: net = "NEM"\nopts = {"network_code": net}' + LOAD,
    "import": 'NETWORK = "NEM"\ntry:\n    from settings import NETWORK\nexcept ImportError:\n    pass\n'
              'opts = {"network_code": NETWORK}' + LOAD,
    "import of everything": 'net = "NEM"\nfrom settings import *\nopts = {"network_code": net}' + LOAD,
    "texts side by side": 'second = "energy"\nopts = {"metrics": "power," f"{second}"}' + LOAD,
    "a list in a dict": 'metrics = ["power"]\nopts = {"metrics": metrics}\nmetrics.append("energy")' + LOAD,
    "a dict in a dict": NEM + 'jobs = {"a": opts}\njobs["a"]["metrics"] = "energy"' + LOAD,
    "a copy's list": 'base = {"metrics": ["power"]}\nopts = base.copy()\nbase["metrics"].append("energy")' + LOAD,
    "two names": 'base = opts = {"network_code": "NEM"}\nbase["network_code"] = "WEM"' + LOAD,
    "pop": 'opts = {"metrics": "power", "interval": "1h"}\nsize = opts.pop("interval")' + LOAD,
    "del": 'opts = {"interval": "1h"}\nx = 1\ndel x, opts["interval"]' + LOAD,
    "__setitem__": NEM + 'opts.__setitem__("network_code", "WEM")' + LOAD,
    "dict.update": NEM + 'dict.update(opts, network_code="WEM")' + LOAD,
    "within print": NEM + 'print(opts.update(network_code="WEM"))' + LOAD,
    "behind and": NEM + '1 and opts.update(network_code="WEM")' + LOAD,
    "a tuple of names": 'net = "NEM"\n(net, m) = ("WEM", "x")\nopts = {"network_code": net}' + LOAD,
    "a list of names": 'net = "NEM"\n[net, m] = ("WEM", "x")\nopts = {"network_code": net}' + LOAD,
    "a starred name": 'net = "NEM"\n*m, net = ("x", "WEM")\nopts = {"network_code": net}' + LOAD,
    "with": 'import contextlib\nnet = "NEM"\nwith contextlib.nullcontext("WEM") as net:\n    pass\nopts = {"network_code": net}' + LOAD,
    ":=": 'net = "NEM"\nprint(net := "WEM")\nopts = {"network_code": net}' + LOAD,
    "lambda": NEM + 'change = lambda o: o.update(network_code="WEM")\nchange(opts)' + LOAD,
    "comprehension": 'jobs = [{"metrics": "power"}]\n[j.update(metrics="energy") for j in jobs]\nopts = jobs[0]' + LOAD,
    "return in a loop": f'def go():\n    for n in ["NEM", "WEM"]:\n        return spark.readStream.format("{SOURCE}").option("network_code", n).load()\ngo()\n',
    "return in a branch": f'def go():\n    for n in ["NEM", "WEM"]:\n        spark.readStream.format("{SOURCE}").option("network_code", n).load()\n'
                          '        if n == "NEM": return\ngo()\n',
    "sys.exit in a loop": f'import sys\nfor n in ["NEM", "WEM"]:\n    spark.readStream.format("{SOURCE}").option("network_code", n).load()\n'
                          '    if n == "NEM": sys.exit()\n',
    "the source in other letters": 'spark.readStream.format("OpenElectricity_Stream").option("network_code", "WEM").load()\n'
                                   f'spark.readStream.format("{SOURCE}").option("network_code", "NEM").load()\n',
    "match": NEM + 'match 2:\n    case 1: opts["network_code"] = "WEM"' + LOAD,
    "globals()": 'net = "NEM"\nglobals()["net"] = "WEM"\nopts = {"network_code": net}' + LOAD,
    "a decorator": NEM + 'def twice(f):\n    opts["metrics"] = "energy"\n    return f\n@twice\ndef go(): pass' + LOAD,
    "nonlocal": 'def go():\n    net = "NEM"\n    def set():\n        nonlocal net\n        net = "WEM"\n    set()\n'
                f'    spark.readStream.format("{SOURCE}").option("network_code", net).load()\ngo()\n',
}

PEOPLE_HAVE = {
    "constants, and the key of the environment":
        'import os\nNETWORK = "WEM"\nMETRICS = ["power", "energy"]\nopts = {"api_key": os.environ["KEY"], "network_code": NETWORK, "metrics": METRICS}\n'
        'print("options:", opts)' + LOAD,
    "a chain": f'df = (spark.readStream.format("{SOURCE}")\n      .option("network_code", "WEM").option("metrics", "power,energy").load())\n',
    "a loop over networks": f'for net in ["NEM", "WEM"]:\n    df = spark.readStream.format("{SOURCE}").option("network_code", net).load()\n'
                            '    df.writeStream.format("delta").option("checkpointLocation", f"/tmp/{net}").start()\n',
    "jobs in a dict": 'jobs = {"nem": {"network_code": "NEM"}, "wem": {"network_code": "WEM", "interval": "1h"}}\n'
                      f'for name, opts in jobs.items():\n    spark.readStream.format("{SOURCE}").options(**opts).load()\n',
    "main": f'def start(net, **more):\n    opts = dict(network_code=net, metrics="power")\n    opts.update(more)\n'
            f'    return spark.readStream.format("{SOURCE}").options(**opts).load()\n'
            'def main():\n    start("NEM")\n    start("WEM", interval="1h")\nif __name__ == "__main__":\n    main()\n',
    "common options": 'common = {"metrics": "power"}\nopts = {**common, "network_code": "WEM"}\nopts["interval"] = "1h"' + LOAD,
}


class Random:
    """Statements of a few names, each valid as Python."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.depth = 0

    def one(self, *of):
        return self.random.choice(of)

    def text(self):
        return self.one('"NEM"', '"WEM"', '"power"', '"energy"', "net", "met", 'f"{net}"', '"power," f"{met}"', "str(net)")

    def net(self):
        return self.one('"NEM"', '"WEM"', "net", 'f"{net}"', 'nets[0]', '"WEM" if flag else "NEM"', 'opts.get("network_code", "NEM")')

    def met(self):
        return self.one('"power"', '"energy"', "met", "mets", '["power", "energy"]', '",".join(mets)', "list(mets)")

    def item(self):
        return self.one(f'"network_code": {self.net()}', f'"metrics": {self.met()}', '"interval": "1h"', '"interval": "5m"')

    def named(self):
        return self.one(f"network_code={self.net()}", f"metrics={self.met()}", 'interval="1h"')

    def a_dict(self):
        return self.one(f"{{{self.item()}, {self.item()}}}", f"{{**base, {self.item()}}}", f"dict(base, {self.named()})", "base.copy()", "base",
                        f"base | {{{self.item()}}}", "dict(opts)", 'jobs["a"]', "make()", f"make({self.net()})")

    def target(self):
        return self.one("opts", "base", 'jobs["a"]', "opts", "other")

    def change(self):
        target = self.target()
        return self.one(f'{target}["network_code"] = {self.net()}', f'{target}["metrics"] = {self.met()}', f"{target}.update({self.named()})",
                        f"{target} |= {{{self.item()}}}" if "[" not in target else "pass", f'{target}.pop("interval", None)',
                        f'{target}.setdefault("interval", "1h")', f'x = {target}.pop("metrics", "power")', f"print({target}.update({self.named()}))",
                        f"flag and {target}.update({self.named()})", f"change({target})", f"keep({target})", f"print({target})",
                        'mets.append("energy")', 'mets += ["energy"]', 'mets[0] = "energy"', f"[d.update({self.named()}) for d in ({target}, base)]",
                        f"list(map(change, [{target}]))", f'dict.__setitem__({target}, "metrics", "energy")',
                        f'(lambda d: d.update({self.named()}))({target})', f"later.append(lambda: {target}.update({self.named()}))",
                        "[f() for f in later]", "for f in later: f()")

    def binding(self):
        return self.one(f"net = {self.net()}", f"met = {self.one(chr(34) + 'power' + chr(34), chr(34) + 'energy' + chr(34))}", f"opts = {self.a_dict()}",
                        f"base = {self.a_dict()}", f"other = {self.a_dict()}", f"opts = base = {self.a_dict()}", f'jobs["a"] = {self.a_dict()}',
                        'net, met = "WEM", "energy"', '(net, met) = ("NEM", "power")', '[net, *rest] = ["WEM", "energy"]', 'print(net := "WEM")',
                        "from settings import net", "import settings as other", "from settings import *", "with hold(base) as opts: pass",
                        "for net in nets: pass", "nets = [net]", 'nets = ["WEM", "NEM"]', "mets = list(mets)", "mets = opts.get(\"metrics\", mets)",
                        "jobs = {\"a\": opts, \"b\": base}", "opts, base = base, opts", "set_net()", "r = spark.readStream.format(SOURCE)",
                        f"r = r.options({self.named()})", "s = r", f"s.option(\"network_code\", {self.net()})")

    def load(self):
        return self.one("spark.readStream.format(SOURCE).options(**opts).load()", "spark.readStream.format(SOURCE).options(**base).load()",
                        f'spark.readStream.format(SOURCE).option("network_code", {self.net()}).load()', "read(opts)", "read(jobs[\"a\"])",
                        f"read(base, {self.named()})", "r.load()", "s.options(**opts).load()", "[read(d) for d in jobs.values()]", "go()")

    def simple(self):
        return self.one(self.change, self.change, self.binding, self.binding, self.load)()

    def block(self, indent):
        lines = []
        for _ in range(self.random.randint(1, 2)):
            lines += self.statement(indent)
        return lines

    def statement(self, indent=""):
        inner = indent + "    "
        if self.depth > 1 or self.random.random() < 0.72:
            return [indent + self.simple()]
        self.depth += 1
        header = self.one("if flag:", "if not flag:", "for net in nets:", "for name, opts in jobs.items():", "while more():", "try:", "with hold(net):",
                          "for d in (opts, base):", "def go():", "match flag:")
        out = []
        if header.startswith(("if", "for")) and self.random.random() < 0.4:
            out = [f"{indent}{header} {self.simple_of_one_line()}"]
        elif header == "try:":
            out = [indent + header, *self.block(inner), inner + "fail()", indent + "except ValueError:", *self.block(inner)]
        elif header.startswith("match"):
            out = [indent + header, inner + "case 1:", *self.block(inner + "    "), inner + "case _:", *self.block(inner + "    ")]
        elif header.startswith("def"):
            out = [indent + header, inner + "global net, opts, base, other, met, mets, nets, jobs, r, s", *self.block(inner)]
        else:
            out = [indent + header, *self.block(inner)]
            if header.startswith("for") and self.random.random() < 0.3:
                out.append(inner + self.one("break", "if flag: continue", "if not flag: break"))
            if header.startswith("if") and self.random.random() < 0.5:
                out += [indent + "else:", *self.block(inner)]
        self.depth -= 1
        return out

    def simple_of_one_line(self):
        found = "pass"
        while found == "pass" or found.startswith(("for", "with", "from settings import *")):
            found = self.simple()
        return found

    def script(self):
        lines = PRELUDE.splitlines()
        for _ in range(self.random.randint(2, 9)):
            lines += self.statement()
        lines += self.one(LOAD.replace(f'"{SOURCE}"', "SOURCE").strip(), "read(base)", "go()", "read(jobs[\"a\"])").splitlines()
        return "\n".join(lines) + "\n"


PRELUDE = f'''SOURCE = "{SOURCE}"
net = "NEM"
met = "power"
nets = ["NEM", "WEM"]
mets = ["power"]
base = {{"network_code": net, "metrics": met}}
opts = {{**base}}
other = {{"interval": "1h"}}
jobs = {{"a": opts}}
later = []
flag = len(nets) > 1
r = s = spark.readStream.format(SOURCE)
turns = [1]
def more():
    return turns and turns.pop()
def fail():
    if flag: raise ValueError
def hold(what):
    import contextlib
    return contextlib.nullcontext(what)
def change(d):
    d["metrics"] = "energy"
def keep(d):
    return None
def make(n="NEM"):
    return {{"network_code": n, "metrics": mets}}
def read(o, **more):
    o = dict(o, **more)
    return spark.readStream.format(SOURCE).options(**o).load()
def set_net():
    global net
    net = "WEM"
def go():
    return read(opts)'''


class Scripts(unittest.TestCase):
    def compare(self, script):
        """Whether it was taken."""
        ran = run_by_python(script)
        told = migrated(script)
        if told is None or ran is None:
            return False
        jobs, is_decided = told
        same = ran <= jobs if is_decided else ran == jobs
        self.assertTrue(same, f"{script}\nran: {sorted(ran)}\ntold: {sorted(jobs)}")
        return True

    def test_found(self):
        for name, script in FOUND.items():
            with self.subTest(name):
                self.compare("import os\n" + script)

    def test_what_people_have_is_taken(self):
        os.environ["KEY"] = "key"
        for name, script in PEOPLE_HAVE.items():
            with self.subTest(name):
                self.assertTrue(self.compare(script))

    def test_random(self):
        seed = int(os.environ.get("OES_SEED", "1"))
        taken = 0
        scripts = int(os.environ.get("OES_SCRIPTS", "200"))
        for i in range(scripts):
            with self.subTest(seed=seed, script=i):
                taken += self.compare(Random(f"{seed}.{i}").script())
        print(json.dumps({"seed": seed, "scripts": scripts, "taken": taken}))
        self.assertGreater(taken, scripts // 20)


if __name__ == "__main__":
    case_report.main("integration_migrate")
