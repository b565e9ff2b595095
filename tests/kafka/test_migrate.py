"""From the options and the progress file of the replaced source to records in Kafka, by the commands that a user types."""

import json
import os
import subprocess
import uuid

import pytest
from kafka_io import read_all
from parts import BINARIES, Clock, start_daemon, start_simulator
from progress_months import read_progress

KEY = "migrate-test-key-0123456789"
PROGRAM = BINARIES / "openelectricity-stream"


@pytest.fixture
def world(tmp_path):
    clock = Clock("2026-03-10T02:00:00Z", 300)  # noon in NEM
    simulator, api = start_simulator(BINARIES, tmp_path, clock, KEY, "--calm", "--rate-limit", "off")
    yield tmp_path, api, clock
    simulator.stop()


def run(*arguments, code: int = 0, **environment) -> str:
    done = subprocess.run([PROGRAM, *arguments], text=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
                          check=False, env={**os.environ, **environment})
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def migrate(folder, options: str, progress: str = None, *more) -> tuple:
    """The file that was made, and what was said."""
    (folder / "job.py").write_text(options, encoding="utf-8")
    named = []
    if progress:
        (folder / "progress.json").write_text(json.dumps({"timestamp": progress}), encoding="utf-8")
        named = ["--progress", folder]  # the folder of progress_path
    out = folder / "new.yaml"
    out.unlink(missing_ok=True)
    said = run("migrate", "--options", folder / "job.py", *named, "--out", out, *more)
    return out, said


def test_old_options_and_progress_go_on_where_the_cut_over_deletes(world, bootstrap):
    folder, api, clock = world
    options = f"""
stream_options = {{
    "api_key": "{KEY}",  # the key that must not get anywhere
    "base_url": "{api}",
    "network_code": "NEM",
    "metrics": ["power", "energy"],
    "progress_path": "{folder}",
    "primary_grouping": "network_region",
}}
spark.readStream.format("openelectricity_stream").options(**stream_options).load()
"""
    file, said = migrate(folder, options, "2026-03-10T11:02:03.123456")
    assert KEY not in file.read_text() and KEY not in said
    assert "interval >= TIMESTAMP '2026-03-09T11:00:00+10:00'" in said
    assert '.option("subscribe", "openelectricity.network.5m.v1")' in said
    environment = {"OPENELECTRICITY_API_KEY": KEY, "KAFKA_BOOTSTRAP_SERVERS": bootstrap}
    assert "1 stream(s)" in run("check-config", "-c", file, **environment)

    # As it was made, but for the test's clock and folders, and for topics of its own: it may be run again on one broker.
    (folder / "progress").mkdir()
    name = f"migrate-{uuid.uuid4().hex[:8]}"
    ours = (f"deployment: {name}\nprogress_path: {folder}/progress\nhttp: {{enabled: false}}\n"
            f"defaults: {{topic: '{name}.{{dataset}}.{{interval}}'}}\n")
    text = file.read_text().replace("${OPENELECTRICITY_API_KEY:-}", KEY)
    text = text.replace("${KAFKA_BOOTSTRAP_SERVERS:-localhost:9092}", bootstrap)
    daemon = start_daemon(BINARIES, folder, text + ours + clock.yaml())
    try:
        daemon.wait_until(lambda: has_come_to_now(folder), 60)
    finally:
        daemon.stop()
    rows = found(bootstrap, f"{name}.network.5m")
    assert min(row["interval"] for row in rows) == "2026-03-09T11:00:00+10:00"
    assert all("metric" not in row and "power" in row and "energy" in row for row in rows)


def has_come_to_now(folder) -> bool:
    try:
        said = read_progress(folder / "progress" / "progress.json")
    except (FileNotFoundError, KeyError):  # none yet, or still the old one
        return False
    members = [member for metrics in said.get("streams", {}).values() for member in metrics.values()]
    return bool(members) and all(member["position"] > "2026-03-10T11" for member in members)


def found(bootstrap: str, topic: str) -> list:
    return [json.loads(value) for _, _, value in read_all(bootstrap, [topic])]


def test_every_form_of_options_makes_a_file_that_check_config_takes(tmp_path):
    forms = ['{"network_code": "NEM", "metrics": "[\'power\', \'energy\']", "reset_progress": "True"}',
             "[{'network_code': 'NEM'}, {'network_code': 'WEM', 'metrics': 'price,demand'}, {'metrics': ['power'], 'interval': '1d'}]",
             "dict(metrics=['power', 'price'], start_time='2024-01-15T10:30:00', batch_size_hours=1)",
             'spark.readStream.format("openelectricity_stream").option("metrics", "power").option("start_hours_ago", 6).load()']
    bare = {"OPENELECTRICITY_API_KEY": "", "KAFKA_BOOTSTRAP_SERVERS": ""}
    for form in forms:
        for more in ([], ["--keep-batch-size"]):
            file, said = migrate(tmp_path, form, None, *more)
            assert "configuration ok" in run("check-config", "-c", file, **bare), form


def test_jobs_that_share_a_dict_of_which_one_has_a_progress_file(tmp_path):
    (tmp_path / "progress.json").write_text('{"timestamp": "2026-03-10T11:00:00"}')
    script = """
common = {"base_url": 'https://a.example/v4#${HOME} "x"', "metrics": ["power"]}
nem = spark.readStream.format("openelectricity_stream").options(**common).option("network_code", "NEM").load()
wem = spark.readStream.format("openelectricity_stream").options(**common).option("network_code", "WEM").load()
"""
    (tmp_path / "job.py").write_text(script)
    said = run("migrate", "--options", tmp_path / "job.py", "--progress", "none", "--progress", tmp_path,
               "--out", tmp_path / "new file.yaml", code=78)
    assert "base_url" in said  # no URL, and nothing was expanded in it
    (tmp_path / "job.py").write_text(script.replace('#${HOME} "x"', "/${HOME}"))
    said = run("migrate", "--options", tmp_path / "job.py", "--progress", "none", "--progress", tmp_path,
               "--out", tmp_path / "new file.yaml", code=78)
    assert "job.py:3: base_url: the path holds a character to be encoded" in said  # as check-config would say
    (tmp_path / "job.py").write_text(script.replace('#${HOME} "x"', ""))
    said = run("migrate", "--options", tmp_path / "job.py", "--progress", "none", "--progress", tmp_path,
               "--out", tmp_path / "new file.yaml")
    assert "2 stream(s)" in said and f"-c '{tmp_path}/new file.yaml' --stream wem" in said
    assert said.count("DELETE FROM old_table WHERE network_code") == 2  # the cut, and the one with what lies before
    shown = run("print-config", "-c", tmp_path / "new file.yaml", OPENELECTRICITY_API_KEY=KEY)
    assert "https://a.example/v4" in shown


def test_a_dict_that_cannot_be_followed_is_named(tmp_path):
    (tmp_path / "job.py").write_text("from settings import common\ndf = spark.readStream.format('openelectricity_stream')"
                                     ".options(**common).option('network_code', 'WEM').load()\n")
    said = run("migrate", "--options", tmp_path / "job.py", code=78)
    assert "job.py:2: **common: common is not assigned in this file" in said


def test_a_progress_in_the_future_is_capped_and_said_by_migrate_and_by_the_daemon(world, bootstrap):
    folder, api, clock = world
    file, said = migrate(folder, "{'metrics': 'power'}", "2030-01-01T00:00:00")
    assert "in the future" in said and "openelectricity-stream backfill" in said

    (folder / "progress").mkdir()
    (folder / "progress" / "progress.json").write_text('{"timestamp": "2030-01-01T00:00:00"}')
    name = f"future-{uuid.uuid4().hex[:8]}"
    text = (f"deployment: {name}\nprogress_path: {folder}/progress\nhttp: {{enabled: false}}\n"
            f"api: {{base_url: '{api}', api_key: {KEY}}}\nbudget: {{plan: ENTERPRISE}}\n"
            f"kafka: {{bootstrap_servers: '{bootstrap}', create_topics: all}}\nstreams: [{{name: nem, topic: {name}}}]\n")
    daemon = start_daemon(BINARIES, folder, text + clock.yaml())
    try:
        daemon.wait_until(lambda: has_come_to_now(folder), 60)
    finally:
        daemon.stop()
    first = min(row["interval"] for row in found(bootstrap, name))
    assert "2026-03-09T12:00" <= first < "2026-03-10T00:00"
    assert "one day before now, since that lies in the future" in daemon.log.read_text()


def test_faults_of_options_are_told_all_at_once_and_nothing_is_overwritten(tmp_path):
    (tmp_path / "job.py").write_text("{'network_code': 'nem', 'metrics': METRICS}")
    said = run("migrate", "--options", tmp_path / "job.py", code=78)
    assert "did you mean 'NEM'?" in said and "Python code (METRICS)" in said
    (tmp_path / "job.py").write_text("{'network_code': 'NEM'}")
    (tmp_path / "new.yaml").write_text("mine")
    run("migrate", "--options", tmp_path / "job.py", "--out", tmp_path / "new.yaml", code=1)
    assert (tmp_path / "new.yaml").read_text() == "mine"
    (tmp_path / "other.json").write_text("{}")
    assert "not a progress file of the old source" in run("migrate", "--options", tmp_path / "job.py", "--progress",
                                                          tmp_path / "other.json", code=78)
    assert "2 progress files for 1 jobs" in run("migrate", "--options", tmp_path / "job.py", "--progress", "none",
                                                "--progress", "none", code=78)


def test_what_is_no_text_of_ours_is_told_as_what_it_is(tmp_path):
    job, progress = tmp_path / "job.py", tmp_path / "progress.json"
    job.write_text("{'network_code': 'NEM', 'metrics': 'power'}", encoding="utf-16")
    assert "job.py: it is no UTF-8 but UTF-16" in run("migrate", "--options", job, code=78)
    job.write_text("{'network_code': 'WEM', 'metrics': 'power'}")
    for text, why in (('{"timestamp": "2026-11-20T10:30"}', "it has a timestamp that is no time like"),
                      ('{"timestamp": "2026-11-20T10:30:00", "batch": 3}', "it has no version, and more than a timestamp")):
        progress.write_text(text)
        assert why in run("migrate", "--options", job, "--progress", progress, code=78)
    progress.write_text('{"timestamp": "2026-11-20T10:30:00"}', encoding="utf-16")
    assert "progress.json: it is no UTF-8" in run("migrate", "--options", job, "--progress", progress, code=78)
    # An instant is one on every network's clock.
    progress.write_text('{"timestamp": "2026-11-20T00:30:00Z"}')
    assert "start: 2026-11-19T08:30:00+08:00" in run("migrate", "--options", job, "--progress", progress)


def test_a_notebook_is_told_whatever_its_cells_print_and_however_long_it_is(tmp_path):
    cell = {"cell_type": "code", "source": ["spark.readStream.format('openelectricity_stream').option('network_code', 'WEM').load()"],
            "outputs": [{"data": {"application/json": {"interval": "1h", "metrics": ["power"]}}}]}
    for pictures in ("", "x" * 700_000):
        (tmp_path / "job.ipynb").write_text(json.dumps({"cells": [cell, {"outputs": [pictures]}], "nbformat": 4}, indent=1))
        assert "it is a notebook; export it as a script (.py)" in run("migrate", "--options", tmp_path / "job.ipynb", code=78)


@pytest.mark.parametrize("url", ["https://h/ä", "https://h/a|b", "https://h/${HOME}", "https://h/a?b=1", "https://user:secret@h/"])
def test_a_base_url_that_the_daemon_refuses_is_told_where_it_stands(tmp_path, url):
    (tmp_path / "job.py").write_text(f"{{'network_code': 'NEM', 'metrics': 'power', 'base_url': '{url}'}}", encoding="utf-8")
    said = run("migrate", "--options", tmp_path / "job.py", code=78)
    assert "job.py:1: base_url: " in said and "the new configuration" not in said and "secret" not in said
