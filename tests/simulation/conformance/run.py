"""The table: each script on the model and on each Kafka, and where they differ (run.sh)."""

import argparse
import concurrent.futures
import difflib
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path[:0] = [str(ROOT / "deploy"), str(ROOT / "tests" / "support"), str(ROOT / "tests" / "chaos")]

from real_kafka import RealKafka  # noqa: E402
from real_stage import BUILD, RealStage  # noqa: E402

MODEL = BUILD / "tests" / "simulation" / "openelectricity-conformance-model"


def alone(script: pathlib.Path) -> bool:
    """Whether it stops the broker that others use."""
    text = script.read_text(encoding="utf-8")
    return any(f"\nkafka {order}" in text for order in ("stop", "save", "restore"))


def on_model(scripts: list) -> dict:
    told = {}
    for script in scripts:
        done = subprocess.run([MODEL, script], capture_output=True, text=True, timeout=60, check=False)
        told[script.stem] = done.stdout.splitlines() + ([f"ended with {done.returncode}"] if done.returncode else [])
    return told


def actor_in(machine: pathlib.Path) -> list:
    """The command that runs the actor of another Debian, which has an actor of its own and another librdkafka."""
    found = sorted(machine.glob("root/**/release/tests/simulation/openelectricity-conformance-actor"))
    if not found:
        sys.exit(f"run.py: no openelectricity-conformance-actor in {machine}: build it there (README.md)")
    return ["chroot", str(machine), f"/{found[0].relative_to(machine)}"]


def on_kafka(version: str, scripts: list, actor: list = None) -> dict:
    folder = BUILD / "conformance" / version  # what was told, for who looks closer
    folder.mkdir(parents=True, exist_ok=True)

    def play(script):
        stage = RealStage(kafka, f"c{os.getpid()}-{script.stem}-", actor)
        said = stage.play(script.read_text(encoding="utf-8"))
        (folder / f"{script.stem}.txt").write_text("\n".join(said) + "\n", encoding="utf-8")
        return script.stem, said

    with RealKafka(version) as kafka, concurrent.futures.ThreadPoolExecutor(4) as several:
        told = dict(several.map(play, [script for script in scripts if not alone(script)]))
        told.update(play(script) for script in scripts if alone(script))
    return told


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kafka", action="append", help="a version; several times: several (3.9.1)")
    parser.add_argument("--machine", type=pathlib.Path, help="a folder with another Debian: its actor, its librdkafka")
    parser.add_argument("--model-only", action="store_true", help="only prints what the model tells")
    parser.add_argument("--show", action="store_true", help="prints what each told, also where all agree")
    parser.add_argument("scripts", nargs="*", help="names of scripts (all)")
    wish = parser.parse_args()
    scripts = [one for one in sorted((HERE / "scripts").glob("*.script")) if not wish.scripts or one.stem in wish.scripts]
    model = on_model(scripts)
    if wish.model_only:
        for name, told in model.items():
            print(f"== {name}", *told, sep="\n")
        return 0
    versions = wish.kafka or ["3.9.1"]
    actor = actor_in(wish.machine) if wish.machine else None
    real = {version: on_kafka(version, scripts, actor) for version in versions}
    differing = 0
    for script in scripts:
        name = script.stem
        for version in versions:
            if wish.show:
                print(f"== {name}, {version}", *real[version][name], sep="\n")
            if real[version][name] != model[name]:
                print(*difflib.unified_diff(real[version][name], model[name], f"{name}: Kafka {version}", f"{name}: model",
                                            lineterm="", n=3), sep="\n")
    width = max(len(script.stem) for script in scripts)
    print(f"\n{'script':{width}}  steps", *(f"{version:>8}" for version in versions))
    for script in scripts:
        name = script.stem
        same = [real[version][name] == model[name] for version in versions]
        differing += not all(same)
        steps = sum(not line.startswith("  ") for line in model[name])
        print(f"{name:{width}}  {steps:5}", *(f"{'same' if one else 'DIFFERS':>8}" for one in same))
    print(f"{len(scripts)} scripts, {differing} of them differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
