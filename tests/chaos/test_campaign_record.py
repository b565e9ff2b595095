"""A campaign goes on where it was interrupted."""

import pytest

from harness.campaign_record import CampaignRecord


def test_an_interrupted_campaign_goes_on_with_its_seed_its_rounds_and_its_figures(tmp_path):
    first = CampaignRecord(tmp_path / "state")
    assert first.begin(77) == 77
    first.tally.count("kills", "random")
    first.tally.trouble("c77-0", "lost: 1")
    first.round_done(4.0)
    first.tally.count("kills", "random")  # of a round that is not finished: counted again when it is
    second = CampaignRecord(tmp_path / "state")
    assert (second.begin(), second.rounds, second.tally.done["kills"]) == (77, 1, 1)
    assert second.tally.troubles == [("c77-0", "lost: 1")]
    second.round_done(3.0)
    assert CampaignRecord(tmp_path / "state").minutes == 7.0


def test_another_seed_is_refused(tmp_path):
    CampaignRecord(tmp_path).begin(77)
    with pytest.raises(SystemExit, match="seed 77"):
        CampaignRecord(tmp_path).begin(78)


def test_without_a_folder_nothing_is_kept():
    record = CampaignRecord()
    record.begin(5)
    record.round_done(1.0)
    assert record.rounds == 1
