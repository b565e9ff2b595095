"""The notebook, executed as Jupyter would: it ends well, and each chart is a picture with lines or areas in it.

OES_KEEP_CHARTS=FOLDER keeps the pictures, to be looked at."""

import base64
import os
import pathlib
import uuid

import pytest
from parts import ROOT
from published import World
from spark import jars, prepare_environment, settings

pytestmark = pytest.mark.one_line
STREAMS = {"nem": {"metrics": ["power", "emissions"], "secondary_grouping": "fueltech_group"}, "nem-market": {"metrics": "price"}}


def test_every_chart_is_drawn(bootstrap, tmp_path, monkeypatch):
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    name = f"charts-{uuid.uuid4().hex[:6]}"
    with World(bootstrap, tmp_path / "world", name, streams=STREAMS, defaults={"start": "-26h"}) as world:
        world.wait_live()
        before = world.transactions()
        world.daemon.wait_until(lambda: world.transactions() > before + 4, 120)
        world.end()
        topics = world.topics()

    prepare_environment()
    confs = " ".join(f"--conf '{key}={value}'" for key, value in settings(tmp_path).items() if "timeZone" not in key)
    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", f"--jars {','.join(map(str, jars('kafka')))} {confs} pyspark-shell")
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", bootstrap)
    monkeypatch.setenv("OPENELECTRICITY_TOPICS", topics)
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "examples" / "python"))
    notebook = nbformat.read(ROOT / "examples" / "energy_charts.ipynb", as_version=4)
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute()

    pictures = [output["data"]["image/png"] for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs
                if "image/png" in output.get("data", {})]
    assert len(pictures) == 3
    for number, picture in enumerate(pictures):
        png = base64.b64decode(picture)
        assert png.startswith(b"\x89PNG") and len(png) > 15_000  # axes with nothing in them take less
        if os.environ.get("OES_KEEP_CHARTS"):
            pathlib.Path(os.environ["OES_KEEP_CHARTS"], f"chart-{number}.png").write_bytes(png)
