#include "progress/progress_file_text.hpp"

#include <doctest/doctest.h>

#include "unit/progress/samples.hpp"

using namespace oes;

namespace {

std::string sample_text() { return write_progress_text(samples::snapshot(), mirrored_delivery::exactly_once); }

std::string changed(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::optional<network_time> old_start(std::string_view text) {
  const auto read = read_progress_text(text);
  REQUIRE(read.has_value());
  CHECK(!read->snapshot);
  return read->replaced_source_start;
}

}  // namespace

TEST_CASE("progress.json says the same when it is read again") {
  const auto read = read_progress_text(sample_text());
  REQUIRE_MESSAGE(read.has_value(), read.error().context);
  REQUIRE(read->snapshot);
  CHECK(*read->snapshot == samples::snapshot());
  CHECK(read->delivery == mirrored_delivery::exactly_once);
  const auto again = read_progress_text(write_progress_text(samples::snapshot(), mirrored_delivery::at_least_once));
  REQUIRE(again.has_value());
  CHECK(again->delivery == mirrored_delivery::at_least_once);
}

TEST_CASE("the timestamp is the slowest stream's position on the replaced source's clock") {
  // NEM stands at 10:05 +10:00; WEM at 08:00 +08:00 is 10:00 there.
  CHECK(sample_text().find("\"timestamp\": \"2026-11-23T10:00:00\"") != std::string::npos);
  auto s = samples::snapshot();
  s.state.members.erase({"wem|odd %name\n", "price"});
  CHECK(write_progress_text(s, mirrored_delivery::exactly_once).find("\"timestamp\": \"2026-11-23T10:05:00\"") !=
        std::string::npos);
  s.state.members.clear();
  const auto none = write_progress_text(s, mirrored_delivery::exactly_once);
  CHECK(none.find("timestamp") == std::string::npos);
  CHECK(read_progress_text(none)->snapshot == s);
}

TEST_CASE("a person finds every part on a line of its own") {
  const auto text = sample_text();
  for (const auto* line :
       {"\n  \"version\": 2,\n", "\n  \"cluster_id\": \"cluster-1\",\n", "\n  \"partition\": 0,\n",
        "\n  \"offset\": 90,\n", "\n  \"sequence\": 12,\n", "\n  \"generation\": 3,\n", "\n    \"nem\": {\n",
        "\n      \"power\": {\n", "\"labels\": \".6168c24A12c253\"", "\"reason\": \"no_data\""}) {
    CHECK_MESSAGE(text.find(line) != std::string::npos, std::string(line));
  }
}

TEST_CASE("a time of the old form that has an offset is an instant, and what is neither form is told") {
  const auto read = read_progress_text(R"({"timestamp":"2026-11-20T00:30:00Z"})");
  REQUIRE(read.has_value());
  CHECK(read->replaced_source_instant == parse_utc("2026-11-20T00:30:00Z"));
  CHECK(read->replaced_source_start == samples::local("2026-11-20T10:30:00"));
  CHECK_FALSE(read_progress_text(R"({"timestamp":"2026-11-20T00:30:00"})")->replaced_source_instant);
  CHECK(read_progress_text(R"({"timestamp":"2026-11-20T10:30"})").error().context ==
        "has a timestamp that is no time like 2024-01-15T10:30:00");
  CHECK(read_progress_text(R"({"timestamp":"2026-11-20T10:30:00","batch":3})").error().context ==
        "has no version, and more than a timestamp");
}

TEST_CASE("another layout of the same content is not damage") {
  std::string squeezed;
  for (const char c : sample_text()) {
    if (c != '\n') squeezed += c;
  }
  CHECK(read_progress_text(squeezed)->snapshot == samples::snapshot());
}

TEST_CASE("an edit by hand is seen, wherever it is") {
  const auto good = sample_text();
  for (const auto& bad : {changed(good, "\"sequence\": 12", "\"sequence\": 13"),
                          changed(good, "10:05:00+10:00", "10:10:00+10:00"), changed(good, "cluster-1", "cluster-2"),
                          changed(good, "\"timestamp\": \"2026-11-23T10:00", "\"timestamp\": \"2026-11-23T09:00"),
                          changed(good, "\"partition\": 0", "\"partition\": 1"),
                          changed(good, "\"version\": 2,", "\"version\": 2, \"mine\": true,"),
                          changed(good, "\"sha256\": \"", "\"sha256\": \"0")}) {
    const auto read = read_progress_text(bad);
    REQUIRE(read.has_error());
    CHECK(read.error().code == errc::damaged);
    CHECK(read.error().context.find("sha256") != std::string::npos);
  }
}

TEST_CASE("cut at any length, the text is damage and never another state") {
  const auto good = sample_text();
  for (std::size_t size = 0; size + 2 < good.size(); ++size) {
    CHECK(read_progress_text(std::string_view(good).substr(0, size)).has_error());
  }
}

TEST_CASE("one flipped bit anywhere is damage, or changes nothing but layout") {
  const auto good = sample_text();
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (unsigned bit = 0; bit < 8; ++bit) {
      auto bad = good;
      bad[i] = static_cast<char>(static_cast<unsigned char>(bad[i]) ^ (1U << bit));
      const auto read = read_progress_text(bad);
      if (read.has_error()) continue;
      REQUIRE(read->snapshot.has_value());
      CHECK(*read->snapshot == samples::snapshot());
    }
  }
}

TEST_CASE("a file of a newer release is not guessed at") {
  const auto read = read_progress_text(changed(sample_text(), "\"version\": 2", "\"version\": 3"));
  REQUIRE(read.has_error());
  CHECK(read.error().context.find("newer release") != std::string::npos);
}

TEST_CASE("brackets without end do not overflow the stack") {
  CHECK(read_progress_text(std::string(1'000'000, '[')).has_error());
  const auto deep = "{\"version\":1,\"sha256\":\"0\",\"x\":" + std::string(5000, '[') + std::string(5000, ']') + "}";
  CHECK(read_progress_text(deep).has_error());
}

TEST_CASE("the replaced source's file is recognised in each way it was written") {
  const auto at = samples::local("2024-01-15T10:30:00");
  CHECK(old_start(R"({"timestamp": "2024-01-15T10:30:00"})") == at);
  CHECK(old_start("{\"timestamp\": \"2024-01-15T10:30:00.123456\"}\n") == at);
  CHECK(old_start(R"({"timestamp": "2024-01-15T10:30:00+10:00"})") == at);
  CHECK(old_start(R"({"timestamp": "2024-01-15T08:30:00+08:00"})") == at);
  CHECK(old_start(R"({"timestamp": "2024-01-15T00:30:00Z"})") == at);
  CHECK(read_progress_text(R"({"timestamp": "yesterday"})").has_error());
  CHECK(read_progress_text(R"({"timestamp": "2024-01-15T10:30:00", "sequence": 3})").has_error());
  CHECK(read_progress_text("{}").has_error());
}
