"""The notebook, executed as Jupyter would: it ends well, draws what the topics hold, and each chart is a
picture with lines or areas in it.

OES_KEEP_CHARTS=FOLDER keeps the pictures, to be looked at."""

import base64
import json
import os
import pathlib
import uuid

import pytest
from parts import ROOT
from published import World, instant
from spark import jars, prepare_environment, settings

STREAMS = {"nem": {"metrics": ["power", "emissions"], "secondary_grouping": "fueltech_group"}, "nem-market": {"metrics": "price"}}


# What the charts are drawn from: GW in all, and the price of each region.
DRAWN = """
import json
seconds = lambda index: [at.timestamp() for at in index.tz_localize("+10:00")]
print(json.dumps({"power": list(zip(seconds(power.index), power.sum(axis=1))),
                  "price": [(at, region, number) for region in price for at, number in zip(seconds(price.index), price[region])
                            if number == number]}))
"""


def series_of(records: list) -> tuple:
    """Of the newest of each point: instant → GW generated, less what loads take; (instant, region) → price."""
    newest = {}
    for _, key, text in records:
        value = json.loads(text)
        newest[key] = max(newest.get(key, value), value, key=lambda one: one["version"])
    power, price = {}, {}
    for value in newest.values():
        at, number = instant(value["interval"]), value["value"]
        if number is None:
            continue
        if value["metric"] == "power" and value["fueltech_group"] != "battery":
            signed = -abs(number) if value["fueltech_group"] in ("battery_charging", "pumps") else abs(number)
            power[at] = power.get(at, 0) + signed / 1000
        elif value["metric"] == "price":
            price[(at, value["network_region"])] = number
    return power, price


def test_every_chart_is_drawn(bootstrap, tmp_path, monkeypatch):
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    name = f"charts-{uuid.uuid4().hex[:6]}"
    with World(bootstrap, tmp_path / "world", name, streams=STREAMS, defaults={"start": "-26h"}) as world:
        world.wait_live()
        before = world.transactions()
        world.daemon.wait_until(lambda: world.transactions() > before + 4, 120)
        records = world.end()
        topics = world.topics()

    prepare_environment()
    confs = " ".join(f"--conf '{key}={value}'" for key, value in settings(tmp_path).items() if "timeZone" not in key)
    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", f"--jars {','.join(map(str, jars('kafka')))} {confs} pyspark-shell")
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", bootstrap)
    monkeypatch.setenv("OPENELECTRICITY_TOPICS", topics)
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "examples" / "python"))
    notebook = nbformat.read(ROOT / "examples" / "energy_charts.ipynb", as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(DRAWN))
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute()

    drawn = json.loads(notebook.cells[-1].outputs[-1]["text"])
    power, price = series_of(records)
    times = sorted(int(at) for at, _, _ in drawn["price"])
    assert len(drawn["power"]) > 200 and len(drawn["price"]) > 200 * 5
    assert {int(at): gigawatts for at, gigawatts in drawn["power"]} == {int(at): pytest.approx(power[int(at)]) for at, _ in drawn["power"]}
    assert {(int(at), region): number for at, region, number in drawn["price"]} == {
        place: number for place, number in price.items() if times[0] <= place[0] <= times[-1]}

    pictures = [output["data"]["image/png"] for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs
                if "image/png" in output.get("data", {})]
    assert len(pictures) == 3
    for number, picture in enumerate(pictures):
        png = base64.b64decode(picture)
        assert png.startswith(b"\x89PNG") and len(png) > 15_000  # axes with nothing in them take less
        if os.environ.get("OES_KEEP_CHARTS"):
            pathlib.Path(os.environ["OES_KEEP_CHARTS"], f"chart-{number}.png").write_bytes(png)
