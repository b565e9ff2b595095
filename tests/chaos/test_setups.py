"""Drawn configurations: the same again for the same seed, nothing left out in time, and each passes the product's own check."""

import subprocess

import pytest

from harness.bed import BUILD
from harness.deployment import Settings
from harness.setups import RECORDS, Setup
from harness.streams import Shape, Stream

PRODUCT = BUILD / "src" / "openelectricity-stream"


def test_a_seed_draws_the_same_and_in_time_everything():
    assert Setup(3, 1).told() == Setup(3, 1).told() != Setup(3, 2).told()
    drawn = [Setup(9, number) for number in range(200)]
    assert {one.max_records for one in drawn} >= set(RECORDS)
    streams = [stream for one in drawn for stream in one.streams]
    for field, values in (("shape", {"long", "wide"}), ("edge", {"held_back", "provisional"}), ("revisions", {"all", "first"}), ("format", {"json", "avro"}),
                          ("interval", {"5m", "1h"})):
        assert {getattr(one, field) for one in streams} == values
    assert {one.compacting for one in drawn} == {one.old_half_hours for one in drawn} == {True, False}
    assert any(len({stream.topic for stream in one.streams}) == 1 for one in drawn)


def test_a_stream_tells_the_checker_what_it_tells_the_daemon():
    stream = Stream("fuel", "NEM", ("power", "energy"), "all", "network_region", "fueltech", re_read=("1h", "6h every 1h"))
    shape = Shape("NEM", frozenset({"region", "fueltech"}), ("power",), 300, 6 * 3600)
    assert stream.members()[("fuel", "power")] == shape
    assert list(stream._replace(shape="wide").members()) == [("fuel", "*")]
    market = Stream("regions", "NEM", ("price",), "all", "network_region", "fueltech")
    assert market.members()[("regions", "price")].names == {"region"}
    options = stream.options("d")
    assert options["re_read"] == ["1h", "6h every 1h"] and options["topic"] == "d.all"


@pytest.mark.parametrize("first", range(0, 40, 10))
def test_the_product_takes_each_of_them(tmp_path, first):
    for number in range(first, first + 10):
        setup = Setup(11, number)
        settings = Settings(registry="http://127.0.0.1:1").drawn(setup)
        text = settings.config("d", tmp_path, base_url="http://127.0.0.1:1/v4", bootstrap="127.0.0.1:1")
        file = tmp_path / "config.yaml"
        file.write_text(text, encoding="utf-8")
        file.chmod(0o600)
        told = subprocess.run([PRODUCT, "check-config", "--config", file], capture_output=True, text=True, timeout=60, check=False)
        assert told.returncode == 0, f"{setup.told()}\n{told.stdout}{told.stderr}"
