"""The package openelectricity-kafka, as far as it needs no Spark: its schemas, the old options, and how it is installed."""

import datetime
import pathlib
import shutil
import sqlite3
import subprocess
import sys

import pytest
from fake_registry import FakeRegistry
from openelectricity_kafka import OldOptionError, SchemaRegistry, SchemaRegistryError, schema_22, schema_all, schema_facilities
from openelectricity_kafka.old_options import DATA_METRICS, LATER_MARKET_METRICS, MARKET_METRICS, read_old_options
from openelectricity_kafka.reading import kafka_options
from parts import BINARIES

pytestmark = pytest.mark.one_line
PACKAGE = pathlib.Path(__file__).resolve().parents[2] / "examples" / "python"


@pytest.mark.smoke
@pytest.mark.parametrize("module, more", [(schema_all, []), (schema_22, ["--replaced"]), (schema_facilities, ["--facilities"])])
def test_the_schemas_are_what_the_program_prints(module, more):
    printed = subprocess.run([BINARIES / "openelectricity-stream", "schema", "--format", "pyspark", *more],
                             capture_output=True, text=True, timeout=20, check=True).stdout
    assert pathlib.Path(module.__file__).read_text(encoding="utf-8") == printed, "examples/python/generate_schemas.sh prints them anew"


@pytest.mark.parametrize("name, more", [("point", []), ("facility_unit", ["--facilities"])])
def test_the_avro_schemas_are_what_the_program_prints(name, more):
    printed = subprocess.run([BINARIES / "openelectricity-stream", "schema", "--format", "avro", *more],
                             capture_output=True, text=True, timeout=20, check=True).stdout
    there = PACKAGE / "openelectricity_kafka" / f"{name}.avsc"
    assert there.read_text(encoding="utf-8") == printed, "examples/python/generate_schemas.sh prints them anew"


def test_old_options_in_every_spelling_mean_the_same_job():
    spellings = [{"network_code": "NEM", "metrics": ["power", "price"], "primary_grouping": "network_region"},
                 {"Network_Code": "NEM", "METRICS": "['power', 'price']", "primary_grouping": "network_region", "interval": "5m"},
                 {"metrics": "power,price", "primary_grouping": "network_region", "secondary_grouping": "None"}]
    jobs = [read_old_options(one) for one in spellings]
    assert jobs[0] == jobs[1] == jobs[2]
    assert jobs[0].topics() == ["openelectricity.network.5m.v1", "openelectricity.market.5m.v1"]


def test_without_a_word_the_old_defaults_hold():
    job = read_old_options({"network_code": "WEM"})
    assert (job.metrics, job.interval, job.primary_grouping, job.topics()) == (
        ("power",), "5m", "network", ["openelectricity.network.5m.v1"])
    assert "network_code = 'WEM'" in job.condition() and "grouping = 'total'" in job.condition()


def chosen(job, records: list) -> list:
    """Versions of the records that the condition lets through. What it is made of means the same in SQLite as in Spark."""
    numbers = (*DATA_METRICS, *MARKET_METRICS, *LATER_MARKET_METRICS)
    fields = ("network_code", "interval_size", "grouping", "metric", "version", *numbers)
    with sqlite3.connect(":memory:") as tables:
        tables.execute(f"CREATE TABLE records ({', '.join(fields)})")
        for number, one in enumerate(records):
            row = {"network_code": "NEM", "interval_size": "5m", "grouping": "network_region", "version": number, **one}
            tables.execute(f"INSERT INTO records VALUES ({', '.join('?' * len(fields))})", [row.get(name) for name in fields])
        return [version for version, in tables.execute(f"SELECT version FROM records WHERE {job.condition()} ORDER BY version")]


def test_a_number_that_is_taken_back_is_a_record_of_the_job():
    """Whatever a later revision says, it goes where the earlier one went: a table would keep what was taken back."""
    job = read_old_options({"metrics": ["power", "energy"], "primary_grouping": "network_region"})
    assert chosen(job, [{"metric": "power", "power": 1.5}, {"metric": "power"}]) == [0, 1]
    assert chosen(job, [{"power": 1.5}, {"energy": 2.5}, {"emissions": 3.5}, {}]) == [0, 1, 2, 3]
    market = read_old_options({"metrics": ["price"], "primary_grouping": "network_region"})
    assert chosen(market, [{"price": 1.5, "demand": 2.5}, {"demand": 2.5}, {"flow_imports": 1.0}, {}]) == [0, 1, 2, 3]


def test_the_job_has_no_wide_rows_of_the_other_endpoint_and_none_of_another_grouping():
    job = read_old_options({"metrics": ["power"], "primary_grouping": "network_region"})
    assert chosen(job, [{"price": 1.5}, {"flow_imports": 1.5}, {"power": 1.5, "grouping": "total"}, {"metric": "energy", "energy": 1.5},
                        {"power": 1.5, "network_code": "WEM"}, {"power": 1.5, "interval_size": "1h"}]) == []
    both = read_old_options({"metrics": ["power", "price"], "primary_grouping": "network_region", "secondary_grouping": "fueltech"})
    fuel = {"grouping": "network_region/fueltech"}
    assert chosen(both, [{"price": 1.5}, {"power": 1.5}, {"price": 1.5, **fuel}, {"power": 1.5, **fuel}, {**fuel}]) == [0, 3, 4]


def test_every_metric_of_the_schema_is_known_by_its_endpoint():
    columns = {field.name for field in schema_all.schema.fields if field.dataType.simpleString() == "double"} - {"value"}
    assert columns == {*DATA_METRICS, *MARKET_METRICS, *LATER_MARKET_METRICS}


def test_a_time_without_an_offset_is_on_the_networks_clock():
    assert "TIMESTAMP '2024-01-15T10:30:00+08:00'" in read_old_options({"network_code": "WEM", "start_time": "2024-01-15T10:30:00"}).condition()
    assert "TIMESTAMP '2024-01-15T10:30:00+00:00'" in read_old_options({"start_time": "2024-01-15T10:30:00Z"}).condition()


def test_every_option_that_means_nothing_here_is_told_at_once_with_what_to_do():
    with pytest.raises(OldOptionError) as refused:
        read_old_options({"api_key": "secret", "progress_path": "/tmp/p", "batch_size_hours": 1, "start_hours_ago": 6,
                          "reset_progress": True, "base_url": "https://x", "network_code": "nem", "metrics": ["pwoer"],
                          "interval": "10m", "start_time": "yesterday", "colour": "red"})
    said = str(refused.value)
    assert len(said.splitlines()) == 11
    for text in ("checkpointLocation", "OPENELECTRICITY_API_KEY", "'nem' is none of NEM, WEM, AU", "'pwoer' is none of power",
                 "'10m' is none of 5m", "'yesterday' is no time", "colour: unknown", "counted from each restart"):
        assert text in said
    assert "secret" not in said


def test_only_committed_records_can_be_asked_for():
    assert kafka_options("b", "t", "earliest", None)["kafka.isolation.level"] == "read_committed"
    assert kafka_options("b", "t", "earliest", {"failOnDataLoss": "false"})["failOnDataLoss"] == "false"
    with pytest.raises(ValueError, match="aborted"):
        kafka_options("b", "t", "earliest", {"kafka.isolation.level": "read_uncommitted"})


def test_it_installs_with_pip_and_carries_its_types(tmp_path):
    source = shutil.copytree(PACKAGE, tmp_path / "python")
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", tmp_path / "site", source],
                   check=True, timeout=300)
    for name in ("py.typed", "point.avsc", "facility_unit.avsc"):
        assert (tmp_path / "site" / "openelectricity_kafka" / name).exists()
    said = subprocess.run([sys.executable, "-c", "import openelectricity_kafka as o; print(o.__file__, len(o.columns_22()))"],
                          cwd=tmp_path, env={"PYTHONPATH": str(tmp_path / "site")}, capture_output=True, text=True, check=True).stdout
    assert str(tmp_path / "site") in said and said.split()[-1] == "22"


@pytest.mark.parametrize("command", [["mypy", "--strict", "--cache-dir", "{cache}", "openelectricity_kafka"],
                                     ["ruff", "check", "--no-cache", "."]])
def test_types_and_style(command, tmp_path):
    pytest.importorskip(command[0])
    done = subprocess.run([sys.executable, "-m", *(word.format(cache=tmp_path) for word in command)], cwd=PACKAGE,
                          capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_password_is_sent_to_no_other_host_and_told_nowhere():
    ours, other = FakeRegistry(), FakeRegistry()
    ours.answer = lambda method, path: (302, {}, {"Location": other.url + path})
    try:
        with pytest.raises(SchemaRegistryError, match="redirects"):
            SchemaRegistry(ours.url, "user", "secretpw").schema(1)
        assert ours.asked and not other.asked
    finally:
        ours.stop()
        other.stop()
    for url in ("http://user:secretpw@127.0.0.1:1/", "https://user:secretpw@registry.example", "http://registry.example", "secretpw.example",
                "http://[secretpw", "http://127.0.0.1:secretpw/"):
        with pytest.raises(ValueError) as told:
            SchemaRegistry(url, "user", "secretpw")
        assert "secretpw" not in str(told.value) and not isinstance(told.value, SchemaRegistryError)
    assert "secretpw" not in repr(SchemaRegistry("https://registry.example", "user", "secretpw"))


@pytest.mark.parametrize("said", [{}, [], None, "x", {"schema": 7}])
def test_an_answer_that_no_registry_gives_is_an_error_of_the_registry(said):
    registry = FakeRegistry()
    registry.answer = lambda method, path: (200, said, {})
    try:
        with pytest.raises(SchemaRegistryError, match="no answer of a schema registry"):
            SchemaRegistry(registry.url).schema(1)
        if said != []:
            with pytest.raises(SchemaRegistryError, match="no answer of a schema registry"):
                SchemaRegistry(registry.url).schemas_of("t-value")
        registry.answer = lambda method, path: (200, [1] if path.endswith("versions") else said, {})
        with pytest.raises(SchemaRegistryError, match="no answer of a schema registry"):
            SchemaRegistry(registry.url).schemas_of("t-value")
    finally:
        registry.stop()


def test_certificates_that_are_not_there_are_told_by_their_file(tmp_path):
    with pytest.raises(SchemaRegistryError, match=r"missing\.pem"):
        SchemaRegistry("https://127.0.0.1:1", ca_file=str(tmp_path / "missing.pem")).schema(1)


@pytest.mark.parametrize("url", ["", "http://h st/", "http://127.0.0.1:1/a b", "http://127.0.0.1:1/a\n"])
def test_what_is_no_url_is_told_before_anybody_is_asked(url):
    with pytest.raises(ValueError, match="no URL like"):
        SchemaRegistry(url)


@pytest.mark.parametrize("metrics", [[], (), set(), "[]", "()", ","])
def test_metrics_that_name_none_are_refused(metrics):
    with pytest.raises(OldOptionError, match="metrics: it names no metric"):
        read_old_options({"metrics": metrics})


def test_metrics_as_migrate_takes_them():
    assert read_old_options({"metrics": "power,"}).metrics == ("power",)
    assert read_old_options({"metrics": {"price", "demand"}}).metrics == ("demand", "price")
    assert read_old_options({"metrics": None}).metrics == read_old_options({"metrics": ""}).metrics == ("power",)


def test_times_that_leave_nothing_and_numbers_are_refused():
    with pytest.raises(OldOptionError, match="end_time: it is not after start_time"):
        read_old_options({"start_time": "2024-01-15T10:30:00", "end_time": "2024-01-15T00:30:00Z"})
    with pytest.raises(OldOptionError, match="start_time: 20240115 is no time"):
        read_old_options({"start_time": 20240115})
    assert "'2024-01-15T00:00:00+10:00'" in read_old_options({"start_time": datetime.date(2024, 1, 15)}).condition()
