#include <doctest/doctest.h>

#include <string>

#include "decode/decode.hpp"
#include "fixture.hpp"
#include "model/answer_bounds.hpp"

using namespace oes;

namespace {

// An answer of one metric whose results are `one`, many times.
std::string many(const std::string& one, std::size_t times) {
  std::string body = R"({"data":[{"metric":"power","unit":"MW","results":[)";
  body.reserve(body.size() + times * (one.size() + 1) + 16);
  for (std::size_t i = 0; i < times; ++i) body.append(i == 0 ? "" : ",").append(one);
  return body + "]}]}";
}

std::string refusal(std::string body) {
  const auto decoded = decode(test::answered(std::move(body)), network::nem);
  REQUIRE(decoded.has_error());
  CHECK(decoded.error().code == errc::malformed);
  return decoded.error().context;
}

bool says(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("D2: an answer of 80,830 series is refused with the bound in the error") {
  std::string results;
  for (int i = 0; i < 80'830; ++i) {
    if (i > 0) results += ',';
    results += R"({"columns":{"unit_code":"U)" + std::to_string(i) + R"("},"data":[["2026-11-21T00:00:00+10:00",1]]})";
  }
  CHECK(says(refusal(R"({"data":[{"metric":"power","unit":"MW","results":[)" + results + "]}]}"),
             "more than 20,000 series"));
}

TEST_CASE("D3: 2.1 million series are refused where the bound is passed, whatever is asked for") {
  const auto body = many(R"({"columns":{},"data":[]})", 2'100'000);
  decoder one(test::answered(body), {.net = network::nem, .interval = {}, .metrics = {"energy"}});
  std::size_t slices = 0;
  result<bool> finished = false;
  while (finished && !*finished) {
    finished = one.advance(10'000);
    ++slices;
  }
  REQUIRE(finished.has_error());
  CHECK(says(finished.error().context, "more than 20,000 series"));
  CHECK(slices < 30);  // 20,000 series of 8 tokens
}

TEST_CASE("D2: as many series as the bound allows are an answer, also when all are the same one") {
  const auto body = many(R"({"columns":{"region":"NSW1"},"data":[["2026-11-21T00:00:00+10:00",1]]})", most_series);
  const auto decoded = decode(test::answered(body), network::nem);
  REQUIRE(decoded.has_value());
  CHECK(decoded->blocks.at(0).all.size() == 1);
  CHECK(decoded->blocks.at(0).all.at(0).points.size() == 1);
}

TEST_CASE("D2: a label of an answer stays below what a transaction holds") {
  std::string columns = R"({"columns":{)";
  for (int i = 0; i < 16; ++i) {
    columns += (i > 0 ? ",\"l" : "\"l") + std::to_string(i) + "\":\"" + std::string(250, 'x') + '"';
  }
  CHECK(says(refusal(many(columns + R"(},"data":[]})", 2'000)), "more than 16 MiB of records for one interval"));
  const std::string number = "0." + std::string(500, '1');
  CHECK(says(refusal(many(R"({"columns":{},"data":[["2026-11-21T00:00:00+10:00",)" + number + "]]}", 15'000)),
             "more than 16 MiB of records for one interval"));
}

TEST_CASE("D2: labels of a series, metrics and nesting have bounds that the error names") {
  std::string points;
  for (std::size_t i = 0; i <= most_labels; ++i)
    points += i == 0 ? R"(["2026-11-21T00:00:00Z",1])" : R"(,["2026-11-21T00:00:00Z",1])";
  CHECK(says(refusal(many(R"({"columns":{},"data":[)" + points + "]}", 1)), "more than 200,000 labels"));
  points.clear();
  for (std::size_t i = 0; i <= most_labels; ++i)
    points += std::string(i == 0 ? "" : ",") + R"(["2026-11-21T00:00:00+10:00",1])";
  CHECK(says(refusal(many(R"({"columns":{},"data":[)" + points + "]}", 1)), "more than 200,000 labels"));
  std::string blocks;
  for (int i = 0; i < 300; ++i) {
    blocks += (i > 0 ? "," : "") + (R"({"metric":"m)" + std::to_string(i) + R"(","unit":"MW","results":[]})");
  }
  CHECK(says(refusal("{\"data\":[" + blocks + "]}"), "more than 256 metrics"));
  CHECK(says(refusal("{\"x\":" + std::string(100'000, '[')), "more than 32 levels"));
  CHECK(says(refusal("{\"x\":\"" + std::string(100'000, 'a') + "\"}"), "longer than 64 KiB"));
  CHECK(says(refusal("{\"x\":" + std::string(100'000, '1') + "}"), "longer than 64 KiB"));
  CHECK(says(refusal("{" + std::string(100'000, ' ') + "}"), "64 KiB of blanks"));
}

TEST_CASE("D3: the end of an answer is settled in slices too") {
  // Every label again and again, in parts of one series: all of it to be sorted when the last token has been read.
  std::string part = R"({"columns":{},"data":[)";
  for (int i = 9; i >= 0; --i)
    part += std::string(i == 9 ? "" : ",") + R"(["2026-11-21T0)" + std::to_string(i) + R"(:00:00+10:00",1])";
  std::string body = R"({"data":[)";
  for (int block = 0; block < 9; ++block) {
    body +=
        (block > 0 ? R"(,{"metric":"m)" : R"({"metric":"m)") + std::to_string(block) + R"(","unit":"MW","results":[)";
    for (int i = 0; i < 2'000; ++i) body.append(i > 0 ? "," : "").append(part).append("]}");
    body += "]}";
  }
  decoder one(test::answered(body + "]}"), network::nem);
  std::size_t slices = 0;
  result<bool> finished = false;
  while (finished && !*finished) {
    finished = one.advance(60'000);
    ++slices;
  }
  REQUIRE(finished.has_value());
  const auto answer = one.take();
  REQUIRE(answer.blocks.size() == 9);
  for (const auto& block : answer.blocks) {
    REQUIRE(block.all.size() == 1);
    CHECK(block.all.front().points.size() == 10);
  }
  // 180,000 points to read and as many to settle, four tokens and one.
  CHECK(slices > (4 * 180'000 + 180'000) / 60'000);
}

TEST_CASE("D3: an error body and /me are read to a bound") {
  CHECK(error_text("{\"error\":\"too much\",\"x\":\"" + std::string(10'000'000, 'a') + "\"}") == "too much");
  CHECK(error_text(std::string(10'000'000, '[')).empty());
  const auto me = decode_account("{\"data\":{\"plan\":\"PRO\",\"x\":\"" + std::string(100'000, 'a') + "\"}}");
  REQUIRE(me.has_error());
  CHECK(says(me.error().context, "64 KiB"));
  CHECK(says(decode_account("{\"a\":" + std::string(40, '[') + std::string(40, ']') + "}").error().context,
             "more than 32 levels"));
}
