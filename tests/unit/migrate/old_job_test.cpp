// What a job of the replaced source asked for, from whatever its options stand in.
#include <doctest/doctest.h>

#include "migrate/old_job.hpp"

using namespace oes;

namespace {

std::vector<option_set> sets(std::string_view text) {
  auto found = find_option_sets(text);
  REQUIRE_MESSAGE(found.has_value(), (found ? "" : found.error().context));
  return *found;
}

old_job job(std::string_view text) {
  const auto found = sets(text);
  REQUIRE(found.size() == 1);
  auto read = read_old_job(found.front(), "options");
  REQUIRE_MESSAGE(read.has_value(), (read ? "" : read.error().context));
  return *read;
}

std::string why(std::string_view text) {
  const auto read = read_old_job(sets(text).front(), "options");
  return read ? "read" : read.error().context;
}

using names = std::vector<std::string>;

}  // namespace

TEST_CASE("the document's own options") {
  const auto read = job(R"(stream_options = {
    "api_key": "your_api_key_here",
    "network_code": "NEM",  # NEM, WEM, or AU
    "metrics": ["power", "energy", "emissions"],
    "interval": "5m",
    "batch_size_hours": 1,
    "progress_path": "/tmp/openelectricity_progress/",
    "primary_grouping": "network_region",
    "secondary_grouping": "fueltech",
})");
  CHECK(read.has_key);
  CHECK(read.metrics == names{"power", "energy", "emissions"});
  CHECK(read.primary == primary_grouping::network_region);
  CHECK(read.secondary == secondary_grouping::fueltech);
  CHECK(read.progress_path == "/tmp/openelectricity_progress/");
  CHECK(read.batch_size_hours == 1);
  CHECK(read.unknown.empty());
}

TEST_CASE("defaults are the old ones") {
  const auto read = job("{'interval': '5m'}");
  CHECK(read.net == network::nem);
  CHECK(read.metrics == names{"power"});
  CHECK(read.batch_size_hours == 1);
  CHECK_FALSE(read.has_key);
}

TEST_CASE("as Spark makes texts of them") {
  const auto read = job(R"({"metrics": "['power', 'energy']", "batch_size_hours": "2", "reset_progress": "True",
                            "start_hours_ago": "6", "secondary_grouping": "", "primary_grouping": "None", "base_url": "null"})");
  CHECK(read.metrics == names{"power", "energy"});
  CHECK(read.batch_size_hours == 2);
  CHECK(read.resets_progress);
  CHECK(read.start_hours_ago == 6.0);
  CHECK(read.secondary == secondary_grouping::none);
  CHECK(read.primary == primary_grouping::network);
  CHECK(job("{'metrics': 'power, energy,power'}").metrics == names{"power", "energy"});
  CHECK(job("{'metrics': 'power', 'reset_progress': 'false'}").resets_progress == false);
  CHECK(job("{'metrics': [DataMetric.POWER, DataMetric.MARKET_VALUE]}").metrics == names{"power", "market_value"});
}

TEST_CASE("start_time: a text, a date, with an offset, or datetime(…)") {
  const auto at = parse_network_time("2024-01-15T10:30:00");
  CHECK(job("{'start_time': '2024-01-15T10:30:00', 'interval': '5m'}").start_time == at);
  CHECK(job("{'start_time': '2024-01-15 10:30:00.123'}").start_time == at);
  CHECK(job("{'start_time': datetime(2024, 1, 15, 10, 30)}").start_time == at);
  CHECK(job("{'start_time': datetime.datetime(2024, 1, 15, 10, 30, 0)}").start_time == at);
  CHECK(job("{'start_time': '2024-01-15T00:30:00Z'}").start_time == at);
  CHECK(
      why("{'start_time': datetime.now() - day}") ==
      "options: start_time: it is Python code (datetime.now() - day), which is not run here: write its value instead");
  // The network is known although it stands behind.
  CHECK(job("{'start_time': '2024-01-15T02:30:00Z', 'network_code': 'WEM'}").start_time == at);
}

TEST_CASE("chains of a script, among other chains") {
  const auto found = sets(R"(
"""Not options: {'metrics': 1}"""
nem = spark.readStream \
    .format("openelectricity_stream") \
    .option("network_code", "NEM") \
    .option("metrics", "power,energy") \
    .option("PROGRESS_PATH", "/tmp/nem/") \
    .load()
query = nem.writeStream.format("delta").option("checkpointLocation", "/tmp/c").start()
wem = (spark.readStream.format("openelectricity_stream").options(network_code="WEM", metrics="price").load())
third = spark.readStream.format("openelectricity_stream").options(**{'network_code': 'AU'}).load()
)");
  REQUIRE(found.size() == 3);
  CHECK(found[0].line == 4);
  const auto nem = read_old_job(found[0], "");
  CHECK(nem->metrics == names{"power", "energy"});
  CHECK(nem->progress_path == "/tmp/nem/");
  CHECK(read_old_job(found[1], "")->net == network::wem);
  CHECK(read_old_job(found[2], "")->net == network::au);
}

TEST_CASE("several jobs: a list, a dict of dicts, one after the other") {
  CHECK(sets("[{'network_code': 'NEM'}, {'network_code': 'WEM'}]").size() == 2);
  CHECK(sets("{'nem': {'network_code': 'NEM'}, 'wem': {'network_code': 'WEM'}}").size() == 2);
  CHECK(sets("{\"network_code\": \"NEM\"}\n{\"network_code\": \"WEM\"}\n").size() == 2);
}

TEST_CASE("what cannot be meant is told, all of it at once") {
  CHECK(why("{'network_code': 'nem', 'metrics': ['powr!'], 'interval': INTERVAL, 'batch_size_hours': 'one'}") ==
        "options: network_code: 'nem' is none of NEM, WEM, AU; did you mean 'NEM'?\n"
        "options: metrics: 'powr!' is no metric; did you mean 'power'?\n"
        "options: interval: it is Python code (INTERVAL), which is not run here: write its value instead\n"
        "options: batch_size_hours: 'one' is no number of hours");
  CHECK(why("{'metrics': []}") == "options: metrics: it names no metric");
  CHECK(job("{'metrics': 'power', 'maxFilesPerTrigger': 1}").unknown == names{"maxfilespertrigger"});
}

TEST_CASE("a text without options is told") {
  CHECK_FALSE(find_option_sets("print('hello')").has_value());
  CHECK_FALSE(find_option_sets("").has_value());
  const auto broken = find_option_sets("{'metrics': 'power'");
  REQUIRE_FALSE(broken.has_value());
  CHECK(broken.error().context == "line 1: a dict does not end");
}
