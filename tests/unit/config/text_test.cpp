// The small readers: durations, sizes, ${VAR}, the word that was probably meant, what is secret.
#include <doctest/doctest.h>

#include "config/expand.hpp"
#include "config/nearest.hpp"
#include "config/quantity.hpp"
#include "config/redact.hpp"
#include "unit/config/config_support.hpp"

using namespace oes;
using namespace oes::test;
using namespace std::chrono_literals;

TEST_CASE("durations are read as people write them") {
  CHECK(parse_duration("5m") == 5min);
  CHECK(parse_duration("1h30m") == 90min);
  CHECK(parse_duration("250ms") == 250ms);
  CHECK(parse_duration("2d") == 48h);
  CHECK(parse_duration("1d2h3m4s5ms") == 26h + 3min + 4s + 5ms);
  CHECK(parse_duration("0") == 0ms);
}

TEST_CASE("a duration that leaves a doubt is none") {
  for (const auto* text : {"", "5", "m", "-5m", "5 m", "5M", "5min", "1.5h", "30m1h", "5m5m", "5m ", "1e3s",
                           "99999999999999999999s", "40000d", "36525d1s"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text));
  }
}

TEST_CASE("a duration is written in the shortest way that reads back") {
  for (const auto span : {0ms, 1ms, 250ms, 70'000ms, 5'400'000ms, 172'800'000ms, 90'061'001ms}) {
    CHECK(parse_duration(format_duration(span)) == span);
  }
  CHECK(format_duration(90min) == "1h30m");
  CHECK(format_duration(0ms) == "0s");
}

TEST_CASE("sizes: powers of ten and of two are told apart") {
  CHECK(parse_size("64MiB") == 64LL * 1024 * 1024);
  CHECK(parse_size("500kB") == 500'000);
  CHECK(parse_size("4096") == 4096);
  CHECK(parse_size("1GB") == 1'000'000'000);
  CHECK(format_size(64LL * 1024 * 1024) == "64MiB");
  CHECK(format_size(500'000) == "500000B");
  CHECK(parse_size(format_size(500'000)) == 500'000);
  for (const auto* text : {"", "64M", "64mib", "-1", "1.5MiB", "MiB", "9999999999GiB"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_size(text));
  }
}

TEST_CASE("a time of day") {
  CHECK(parse_time_of_day("00:00") == 0s);
  CHECK(parse_time_of_day("14:30") == 14h + 30min);
  CHECK(format_time_of_day(14h + 30min) == "14:30");
  for (const auto* text : {"24:00", "7:00", "07:60", "0700", "", "ab:cd"}) CHECK_FALSE(parse_time_of_day(text));
}

TEST_CASE("variables are expanded wherever they stand in a text") {
  const auto env = env_of({{"HOST", "broker"}, {"EMPTY", ""}});
  CHECK(expand("${HOST}:9092", env).text == "broker:9092");
  CHECK(expand("a ${HOST} b ${HOST}", env).text == "a broker b broker");
  CHECK(expand("${NONE:-x}${EMPTY:-y}${HOST:-z}", env).text == "xybroker");
  CHECK(expand("${NONE:-}", env).text.empty());
  CHECK(expand("${NONE:-a.{dataset}.v1}", env).text == "a.{dataset}.v1");
  CHECK(expand("${EMPTY}", env).text.empty());
}

TEST_CASE("a dollar sign that is no variable stays") {
  const auto env = env_of({});
  CHECK(expand("pa$$word", env).text == "pa$word");
  CHECK(expand("p$word$", env).text == "p$word$");
  CHECK(expand("$${HOME}", env).text == "${HOME}");
}

TEST_CASE("a variable that must be set says so, in the words of the file where it has some") {
  const auto env = env_of({});
  CHECK(has(expand("${KEY}", env).fault, "KEY is not set"));
  CHECK(expand("${KEY:?ask Jo for it}", env).fault == "KEY: ask Jo for it");
  CHECK(has(expand("${KEY:?}", env).fault, "KEY is not set"));
}

TEST_CASE("a broken expansion never quotes the text around it") {
  const auto env = env_of({});
  for (const auto* text : {"hunter2${", "hunter2${}", "hunter2${A B}", "hunter2${A:+b}", "hunter2${1A}"}) {
    CAPTURE(text);
    const auto out = expand(text, env);
    CHECK_FALSE(out.fault.empty());
    CHECK_FALSE(has(out.fault, "hunter2"));
    CHECK(out.text.empty());
  }
}

TEST_CASE("the word that was probably meant") {
  const std::vector<std::string> metrics{"power", "price", "energy", "demand", "demand_energy"};
  CHECK(nearest("prise", metrics) == "price");
  CHECK(nearest("POWER", metrics) == "power");
  CHECK(nearest("powre", metrics) == "power");
  CHECK(nearest("demandenergy", metrics) == "demand_energy");
  CHECK_FALSE(nearest("qwertyuiop", metrics));
  CHECK(nearest("1H", {"1h", "1d"}) == "1h");
  CHECK(did_you_mean("xyz_abc", metrics).empty());
}

TEST_CASE("which properties are secret") {
  for (const auto* name :
       {"sasl.password", "ssl.key.password", "ssl.key.pem", "ssl.keystore.password", "sasl.oauthbearer.client.secret",
        "sasl.jaas.config", "some.TOKEN", "ssl.key.location", "sasl.oauthbearer.config"}) {
    CAPTURE(name);
    CHECK(is_secret_name(name));
  }
  for (const auto* name : {"sasl.username", "security.protocol", "linger.ms", "ssl.ca.location", "client.id"}) {
    CAPTURE(name);
    CHECK_FALSE(is_secret_name(name));
  }
}
