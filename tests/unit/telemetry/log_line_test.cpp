#include "telemetry/log_line.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "model/time.hpp"

using namespace oes;

namespace {

const utc_time five_past = *parse_utc("2026-11-23T00:05:00.123Z");

}  // namespace

TEST_CASE("a log line is a time, a level, a sentence and its facts") {
  CHECK(text_line(five_past, "info", "published an interval",
                  {{"stream", "nem"}, {"metric", "power"}, {"records", 305}, {"took", 0.25}}) ==
        "2026-11-23T00:05:00.123Z info  published an interval stream=nem metric=power records=305 took=0.25");
  CHECK(text_line(five_past, "error", "stopped", {}) == "2026-11-23T00:05:00.123Z error stopped");
}

TEST_CASE("a value that could be mistaken for something else stands in quotes") {
  CHECK(text_line(five_past, "warn", "a",
                  {{"reason", "not found"}, {"empty", ""}, {"said", "a \"b\" \\"}, {"x", "k=v"}}) ==
        R"(2026-11-23T00:05:00.123Z warn  a reason="not found" empty="" said="a \"b\" \\" x="k=v")");
}

TEST_CASE("nothing that an outsider sends starts a second line or commands a terminal") {
  const std::string hostile = "x\n2026-11-23T00:05:00.123Z error forged\r\t\x1b[2J\x7f";
  const auto text = text_line(five_past, "warn", hostile, {{"reason", hostile}});
  const auto json = json_line(five_past, "warn", hostile, {{"reason", hostile}});
  for (const auto& line : {text, json}) {
    CHECK(line.find('\n') == std::string::npos);
    CHECK(line.find('\r') == std::string::npos);
    CHECK(line.find('\x1b') == std::string::npos);
  }
  CHECK(text.find("\\u001b[2J\\u007f") != std::string::npos);
}

TEST_CASE("I9: in a JSON log line numbers are numbers, and texts that look like one are not") {
  CHECK(json_line(five_past, "info", "published \"it\"",
                  {{"stream", "5"}, {"records", 305}, {"bytes", std::size_t{7}}, {"took", 0.25}, {"ratio", NAN}}) ==
        R"({"time":"2026-11-23T00:05:00.123Z","level":"info","msg":"published \"it\"","stream":"5","records":305,)"
        R"("bytes":7,"took":0.25,"ratio":"nan"})");
}

TEST_CASE("bytes that are not UTF-8 do not break a JSON log line") {
  CHECK(json_line(five_past, "info", "a\xff", {{"k", "\xc3\xa4\xc3"}}) ==
        "{\"time\":\"2026-11-23T00:05:00.123Z\",\"level\":\"info\",\"msg\":\"a\xef\xbf\xbd\",\"k\":"
        "\"\xc3\xa4\xef\xbf\xbd\"}");
}
