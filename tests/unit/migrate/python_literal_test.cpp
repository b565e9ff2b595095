// Options as people write them in Python, in JSON, or as Spark prints them.
#include <doctest/doctest.h>

#include "migrate/python_literal.hpp"

using namespace oes;

namespace {

using kind = python_literal::kind;

python_literal read(std::string_view text) {
  auto out = read_python_literal(text);
  REQUIRE_MESSAGE(out.has_value(), (out ? "" : out.error().context));
  return *out;
}

const python_literal& member(const python_literal& dict, std::string_view name) {
  for (std::size_t i = 0; i < dict.keys.size(); ++i) {
    if (dict.keys[i].text == name) return dict.items[i];
  }
  FAIL("no member ", name);
  return dict;
}

std::string why(std::string_view text) {
  const auto out = read_python_literal(text);
  return out ? "read" : out.error().context;
}

}  // namespace

TEST_CASE("a dict as it stands in a script: comments, a comma at the end, single and double quotes") {
  const auto dict = read(R"({
    "api_key": api_key,  # from the environment, {not a dict}
    'network_code': 'NEM',
    "metrics": ["power", 'energy',],
    "batch_size_hours": 1,
    "start_hours_ago": 0.5,
    "reset_progress": False,
    "secondary_grouping": None,
})");
  REQUIRE(dict.is == kind::dict);
  CHECK(member(dict, "api_key").is == kind::code);
  CHECK(member(dict, "api_key").text == "api_key");
  CHECK(member(dict, "network_code").text == "NEM");
  REQUIRE(member(dict, "metrics").items.size() == 2);
  CHECK(member(dict, "metrics").items[1].text == "energy");
  CHECK(member(dict, "batch_size_hours").text == "1");
  CHECK(member(dict, "start_hours_ago").text == "0.5");
  CHECK(member(dict, "reset_progress").is == kind::boolean);
  CHECK_FALSE(member(dict, "reset_progress").truth);
  CHECK(member(dict, "secondary_grouping").is == kind::none);
}

TEST_CASE("JSON is read alike") {
  const auto dict =
      read(R"({"metrics": ["power"], "reset_progress": true, "base_url": null, "progress_path": "\/tmp\/p"})");
  CHECK(member(dict, "reset_progress").truth);
  CHECK(member(dict, "base_url").is == kind::none);
  CHECK(member(dict, "progress_path").text == "/tmp/p");
}

TEST_CASE("strings: prefixes, three quotes, neighbours, escapes") {
  CHECK(read("r'a\\n'").text == "a\\n");
  CHECK(read("\"\"\"a\n\"b\" c\"\"\"").text == "a\n\"b\" c");
  CHECK(read("('a' \"b\"\n 'c')").text == "abc");
  CHECK(read(R"('\x41\u00e9\U0001F600\t\'\q')").text == "A\xC3\xA9\xF0\x9F\x98\x80\t'\\q");
  CHECK(read(R"("\ud83d\ude00 \ud83d")").text == "\xF0\x9F\x98\x80 \xEF\xBF\xBD");
  CHECK(read("f'{x}'").is == kind::code);
  CHECK(read("'full'").is == kind::text);
}

TEST_CASE("tuples, sets, dict(…) and brackets") {
  CHECK(read("('power',)").is == kind::list);
  CHECK(read("('power')").text == "power");
  CHECK(read("{'power', 'energy'}").items.size() == 2);
  CHECK(read("{}").is == kind::dict);
  CHECK(member(read("dict(metrics=['power'], batch_size_hours=2)"), "batch_size_hours").text == "2");
}

TEST_CASE("what is no literal is kept as the text that it is") {
  const auto dict =
      read(R"({"api_key": os.environ["KEY"], "start_time": datetime(2024, 1, 15) - day, "batch_size_hours": 24 * 4,
                             "metrics": [DataMetric.POWER], "progress_path": "/tmp/" + name})");
  CHECK(member(dict, "api_key").text == "os.environ[\"KEY\"]");
  CHECK(member(dict, "start_time").text == "datetime(2024, 1, 15) - day");
  CHECK(member(dict, "batch_size_hours").is == kind::code);
  CHECK(member(dict, "batch_size_hours").text == "24 * 4");
  CHECK(member(dict, "metrics").items[0].text == "DataMetric.POWER");
  CHECK(member(dict, "progress_path").text == "\"/tmp/\" + name");
}

TEST_CASE("numbers keep their digits") {
  CHECK(read("-1_000.50e+3").text == "-1000.50e+3");
  CHECK(read("+7").text == "7");
  CHECK(read("1h").is == kind::code);
}

TEST_CASE("what cannot be read is told by its line, never by what it holds") {
  CHECK(why("{'a': 'secret") == "line 1: a string does not end");
  CHECK(why("{'a': 1,\n 'b' 2}") == "line 2: a ':' is missing in a dict");
  CHECK(why("['a'\n'b', 2") == "line 1: a list does not end");
  CHECK(why("{'a': }") == "line 1: a value is missing");
  CHECK(why("'a'\n'b'") == "line 2: something follows the value");
  CHECK(why(std::string(100, '[') + std::string(100, ']')) == "line 1: it is nested too deeply");
  CHECK(why(std::string(2 * 1024 * 1024, ' ')) == "it is larger than 1 MiB");
  CHECK(why("'\\x4'") == "line 1: an escape in a string lacks hexadecimal digits");
}

TEST_CASE("a dict that another is unpacked into, a comment between, keys that are names") {
  const auto dict = read("{**common, # {\n  'a': 1, KEY: lambda x: {x: 1}, 'a': 2}");
  REQUIRE(dict.keys.size() == 4);
  CHECK(dict.keys[0].is_unpacking());
  CHECK(dict.items[0].text == "common");
  CHECK(dict.keys[2].is == kind::code);
  CHECK(dict.items[2].text == "lambda x: {x: 1}");
  CHECK(read("dict(common, **more, a=1)").keys.size() == 3);
  CHECK(read("f'power'").text == "power");
  CHECK(read("'a' \\\r\n 'b'").text == "ab");
}

// As a script is searched: a value is tried wherever one may begin.
TEST_CASE("however its brackets stand, a text is not read again and again") {
  const auto steps = [](const std::string& text) {
    const python_tokens tokens(text);
    std::size_t sum = 0;
    for (std::size_t at = 0; at < tokens.size(); ++at) {
      python_reader reader(tokens, at);
      if (!reader.at_dict()) continue;
      static_cast<void>(reader.value());
      sum += 1 + reader.steps();
    }
    return sum / tokens.size();
  };
  const std::size_t pieces = 2'000;
  const auto repeated = [](std::string_view one, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += one;
    return out;
  };
  constexpr std::size_t few = 100;  // a bound for the levels that are followed
  CHECK(steps(repeated("{", pieces)) < few);
  CHECK(steps(repeated("{a ", pieces)) < few);
  CHECK(steps(repeated("{1:[1,2,3],2:", pieces)) < few);
  CHECK(steps(repeated("{1:", pieces) + repeated("}", pieces)) < few);
  CHECK(steps(repeated("{1:[1,2,3],2:", pieces) + repeated("} x", pieces)) < few);
  CHECK(steps(repeated("{(", pieces) + repeated(R"('''\''')", pieces)) < few);
}
