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

old_job job_of(const option_set& found) {
  auto read = read_old_job(found, "options");
  REQUIRE_MESSAGE(read.has_value(), (read ? "" : read.error().context));
  return *read;
}

old_job job(std::string_view text) {
  const auto found = sets(text);
  REQUIRE(found.size() == 1);
  return job_of(found.front());
}

std::string why_refused(std::string_view text) {
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
      why_refused("{'start_time': datetime.now() - day}") ==
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
  const auto nem = job_of(found[0]);
  CHECK(nem.metrics == names{"power", "energy"});
  CHECK(nem.progress_path == "/tmp/nem/");
  CHECK(job_of(found[1]).net == network::wem);
  CHECK(job_of(found[2]).net == network::au);
}

TEST_CASE("several jobs: a list, a dict of dicts, one after the other") {
  CHECK(sets("[{'network_code': 'NEM'}, {'network_code': 'WEM'}]").size() == 2);
  CHECK(sets("{'nem': {'network_code': 'NEM'}, 'wem': {'network_code': 'WEM'}}").size() == 2);
  CHECK(sets("{\"network_code\": \"NEM\"}\n{\"network_code\": \"WEM\"}\n").size() == 2);
}

TEST_CASE("a dict that readers share is taken for each of them, with what they add") {
  const auto found = sets(R"(
common = {"api_key": KEY, "metrics": ["power", "energy"], "interval": "1h"}  # {'network_code': 'AU'}
more = dict(common, batch_size_hours=2)
nem = spark.readStream.format("openelectricity_stream").options(**common).option("network_code", "NEM").load()
wem = (
    spark.readStream
    .format("openelectricity_stream")
    .options(**more)  # a remark
    .option("network_code", "WEM")
    .load()
)
au = spark.readStream.options(**{**common, 'network_code': 'AU', 'metrics': 'price'}).format("openelectricity_stream").load()
)");
  REQUIRE(found.size() == 3);
  const auto nem = job_of(found[0]);
  CHECK(nem.metrics == names{"power", "energy"});
  CHECK(nem.interval == interval_size::h1);
  CHECK(nem.net == network::nem);
  CHECK(nem.has_key);
  const auto wem = job_of(found[1]);
  CHECK(wem.net == network::wem);
  CHECK(wem.batch_size_hours == 2);
  CHECK(job_of(found[2]).metrics == names{"price"});
  CHECK(found[0].remarks.empty());
}

TEST_CASE("options that cannot be followed are told by their name, never left out in silence") {
  const auto reader = [](const std::string& before, const std::string& options) {
    return before + "\ndf = spark.readStream.format('openelectricity_stream')" + options + ".load()\n";
  };
  const std::string more = ".option('network_code', 'NEM')";
  CHECK(why_refused(reader("", ".options(**common)" + more)) ==
        "options: **common: common is not assigned in this file: write the options themselves there");
  CHECK(why_refused(reader("common = load_options()", ".options(**common)" + more)) ==
        "options: **common: it is Python code (line 1), which is not run here: write the options themselves there");
  CHECK(why_refused(reader("if test:\n  common = {'metrics': 'power'}\nelse:\n  common = {'metrics': 'energy'}",
                           ".options(**common)" + more)) ==
        "options: **common: it is Python code (line 1), which is not run here: write the options themselves there");
  CHECK(why_refused(reader("def read(common):\n  pass", ".options(**common)" + more))
            .find("**common: common is not assigned") != std::string::npos);
  CHECK(why_refused("def read(common):\n" + reader("", ".options(**common)" + more).replace(0, 1, "  "))
            .find("**common: it is Python code (line 1), which is not run here") != std::string::npos);
  CHECK(why_refused(reader("common = {'metrics': 'power'}\ncommon.pop('metrics')", ".options(**common)" + more))
            .find("**common: it is Python code (line 2), which is not run here") != std::string::npos);
  CHECK(why_refused(reader("", ".options(**{k: v for k, v in x.items()})" + more))
            .find("**{k: v for k, v in x.items()}: it is Python code (line 2), which is not run here") !=
        std::string::npos);
  CHECK(why_refused(reader("", ".option(NAME, 1)" + more)).find("NAME: the name of an option is Python code") !=
        std::string::npos);
  CHECK(why_refused(reader("", ".options(**os.environ)" + more)).find("**os.environ: os is not assigned") !=
        std::string::npos);
  CHECK(
      why_refused(reader("a = {**b}\nb = {**a}", ".options(**a)" + more)).find("**b: b is not assigned in this file") !=
      std::string::npos);
  CHECK(
      why_refused(reader("", ".option('network_code', code)")).find("network_code: it is Python code (code), which") !=
      std::string::npos);
}

TEST_CASE("what is refused shows none of its texts: one may be a key") {
  const std::string reader = "spark.readStream.format('openelectricity_stream')";
  const std::vector<std::string> all{
      ".options(**make(api_key='sk-secret'))", ".options(**json.loads('{\"api_key\": \"sk-secret\"}'))",
      ".options(**dict(zip(['api_key'], ['sk-secret'])))", ".option(name('sk-secret'), 'NEM')",
      ".option('network_code', pick(f'sk-secret{x}'))"};
  for (const auto& code : all) {
    const auto why = why_refused(reader + code + ".load()");
    CHECK_MESSAGE(why.find("'…'") != std::string::npos, why);
    CHECK_MESSAGE(why.find("secret") == std::string::npos, why);
  }
  CHECK(why_refused(reader + ".options(**make(api_key='sk-secret')).load()") ==
        "options: **make(api_key='…'): make is not assigned in this file: write the options themselves there");
}

TEST_CASE("names are what the lines above made of them") {
  const auto found = sets(R"(
SOURCE = "openelectricity_stream"
METRICS = ["power", "energy"]
START = datetime(2024, 1, 15, 10, 30)
opts: dict = {"network_code": "NEM", "metrics": METRICS, "start_time": START}
opts["interval"] = "1d"
opts.update(primary_grouping="network_region")
opts |= {"batch_size_hours": 24}
a = spark.readStream.format(SOURCE).options(**opts).load()
opts = {"network_code": "WEM"} | {"metrics": "price"}
b = spark.readStream.format(SOURCE).options(**opts.copy()).load()
jobs = {"au": {"network_code": "AU"}}
c = spark.readStream.format(SOURCE).options(**jobs["au"]).load()
)");
  REQUIRE(found.size() == 3);
  const auto a = job_of(found[0]);
  CHECK(a.metrics == names{"power", "energy"});
  CHECK(a.start_time == parse_network_time("2024-01-15T10:30:00"));
  CHECK(a.interval == interval_size::d1);
  CHECK(a.primary == primary_grouping::network_region);
  CHECK(a.batch_size_hours == 24);
  const auto b = job_of(found[1]);
  CHECK(b.net == network::wem);
  CHECK(b.metrics == names{"price"});
  CHECK(b.interval == interval_size::m5);
  CHECK(job_of(found[2]).net == network::au);
}

TEST_CASE("a function that is handed its options: the dicts of the file are the jobs") {
  const auto found = sets(R"(
def start(options, name):
    df = spark.readStream.format("openelectricity_stream").options(**options).option("api_key", KEY).load()
    return df.writeStream.format("delta").option("checkpointLocation", "/tmp/" + name).start()

base = {"interval": "5m"}
start({**base, "network_code": "NEM"}, "nem")
wem = {**base, "network_code": "WEM"}
wem["metrics"] = "energy"
start(wem, "wem")
)");
  REQUIRE(found.size() == 2);
  CHECK(job_of(found[0]).net == network::nem);
  CHECK(job_of(found[0]).has_key);
  CHECK(job_of(found[1]).metrics == names{"energy"});
  const auto looped = sets(R"(
for name, options in {"nem": {"network_code": "NEM"}, "wem": {"network_code": "WEM"}}.items():
    reader = spark.readStream.format("openelectricity_stream")
    for key, value in options.items():
        reader = reader.option(key, value)
    reader.load().writeStream.format("console").start()
)");
  CHECK(looped.size() == 2);
}

TEST_CASE("readers with names, and options that no reader takes") {
  const auto found = sets(R"(
base = spark.readStream.format("openelectricity_stream").option("metrics", "power")
nem = base.option("network_code", "NEM").load()
wem = base.option("network_code", "WEM").load()
csv = spark.read.format("csv").option("metrics", "none").load("x.csv")
unused = {"network_code": "AU", "metrics": "power"}
other = {"interval": "30 seconds"}
)");
  REQUIRE(found.size() == 2);
  CHECK(job_of(found[1]).net == network::wem);
  CHECK(job_of(found[0]).remarks ==
        names{"The options in line 6 of that file are of no reader that is seen there: left out."});
  CHECK(sets("spark.readStream.format('openelectricity_stream').load()").size() == 1);
  CHECK(sets("spark.readStream.load(format='openelectricity_stream', metrics='price')").size() == 1);
}

TEST_CASE("lines that begin with a dot go on with the reader; a notebook is told") {
  const auto scala = job(R"(val df = spark.readStream.format("openelectricity_stream") // don't
  .option("metrics", "energy") // it's
  .option("network_code", "WEM")
  .load()
)");
  CHECK(scala.net == network::wem);
  CHECK(scala.metrics == names{"energy"});
  const auto notebook = find_option_sets(R"({"cells": [{"source": ["x = 1"]}], "nbformat": 4})");
  REQUIRE_FALSE(notebook.has_value());
  CHECK(notebook.error().context.ends_with("export it as a script (.py)"));
}

TEST_CASE("metrics as Spark makes a text of the SDK's enumeration") {
  CHECK(job("{'metrics': \"[<DataMetric.POWER: 'power'>]\"}").metrics == names{"power"});
  CHECK(job("{'metrics': \"[<DataMetric.POWER: 'power'>, <MarketMetric.PRICE: 'price'>]\"}").metrics ==
        names{"power", "price"});
  CHECK(why_refused("{'metrics': \"[<DataMetric.POWER: '>]\"}").find("it names no metric") != std::string::npos);
}

TEST_CASE("a base_url is an URL, or is told") {
  CHECK(job("{'base_url': 'https://a.example/v4'}").base_url == "https://a.example/v4");
  CHECK(why_refused("{'base_url': 'https://a.example\\napi_key: x'}") ==
        "options: base_url: it holds a control character (U+000A)");
  CHECK(why_refused("{'base_url': 'a.example'}") ==
        "options: base_url: 'a.example' is no URL like https://api.openelectricity.org.au/v4");
  CHECK(why_refused("{'base_url': URL}").find("it is Python code (URL)") != std::string::npos);
}

TEST_CASE("a large text of brackets alone is searched once") {
  CHECK_FALSE(find_option_sets(std::string(longest_python / 4, '{')).has_value());
  CHECK_FALSE(find_option_sets("x = 1\n" + std::string(longest_python / 4, '{')).has_value());
  CHECK_FALSE(find_option_sets(std::string(longest_python + 1, '{')).has_value());
  std::string names_in_circles;
  std::string names_in_a_row;
  for (int i = 0; i < 50'000; ++i) names_in_circles += "a=a|a\n";
  for (int i = 0; i < 50'000; ++i) names_in_a_row += "a=";
  CHECK_FALSE(find_option_sets(names_in_circles).has_value());
  CHECK_FALSE(find_option_sets(names_in_a_row).has_value());
  const std::string two = "a = b = {'metrics': 'price'}\nspark.readStream.format('openelectricity_stream')";
  CHECK(job(two + ".options(**a).load()").metrics == names{"price"});
  CHECK(job(two + ".options(**b).load()").metrics == names{"price"});
}

TEST_CASE("what cannot be meant is told, all of it at once") {
  CHECK(why_refused("{'network_code': 'nem', 'metrics': ['powr!'], 'interval': INTERVAL, 'batch_size_hours': 'one'}") ==
        "options: network_code: 'nem' is none of NEM, WEM, AU; did you mean 'NEM'?\n"
        "options: metrics: 'powr!' is no metric; did you mean 'power'?\n"
        "options: interval: it is Python code (INTERVAL), which is not run here: write its value instead\n"
        "options: batch_size_hours: 'one' is no number of hours");
  CHECK(why_refused("{'batch_size_hours': 0}") == "options: batch_size_hours: less than a minute is no batch");
  CHECK(why_refused("{'metrics': []}") == "options: metrics: it names no metric");
  CHECK(job("{'metrics': 'power', 'maxFilesPerTrigger': 1}").unknown == names{"maxfilespertrigger"});
}

TEST_CASE("a text without options is told") {
  CHECK_FALSE(find_option_sets("print('hello')").has_value());
  CHECK_FALSE(find_option_sets("").has_value());
  const auto broken = find_option_sets("{'metrics': 'power'");
  REQUIRE_FALSE(broken.has_value());
  CHECK(broken.error().context == "line 1: a dict does not end");
}
