#include "progress/ledger_codec.hpp"

#include <doctest/doctest.h>

#include "progress/progress_codec.hpp"
#include "support/times.hpp"

using namespace oes;
using namespace oes::test;

namespace {

const member_key member{"nem|odd %name", "power"};
const auto ten = at("2026-11-23T10:00:00");
const auto five_past = at("2026-11-23T10:05:00");

ledger_update sample() {
  return {member,
          {{0, {{"fueltech", "coal_black"}, {"region", "NSW1"}}}, {1, {{"region", "a|b,c=\"d\""}}}},
          {{ten, {{0xFEDCBA9876543210, 0, 3}, {1, 1, 0}}}, {five_past, {{7, 1, 65'534}}}},
          {}};
}

struct reading {
  progress_state state;
  ledger_book book;
  result<void> take(const std::vector<progress_message>& records) {
    for (const auto& r : records) {
      auto done = apply_progress_record(state, book, r.key, r.value);
      if (!done) return done;
    }
    return {};
  }
};

}  // namespace

TEST_CASE("a ledger written to the topic is read back exactly, and raises the sequence") {
  reading topic;
  REQUIRE(topic.take(encode_ledger(sample(), 41)).has_value());
  CHECK(topic.state.sequence == 41);
  const auto& image = topic.book.at(member);
  CHECK(image.rows.at(ten) == sample().rows[0].cells);
  CHECK(image.rows.at(five_past) == sample().rows[1].cells);
  CHECK(image.dictionary.at(1) == sample().dictionary[1].labels);
}

TEST_CASE("twelve bytes a series, and a row replaces the one before") {
  const auto records = encode_ledger(sample(), 41);
  CHECK(records[2].key == "ledger|nem%7Codd %25name|power|2026-11-23T10:00:00");
  CHECK(records[2].value.size() == 9 + 2 * 12);
  reading topic;
  REQUIRE(topic.take(records).has_value());
  REQUIRE(topic.take(encode_ledger({member, {}, {{ten, {{5, 0, 4}}}}, {}}, 42)).has_value());
  CHECK(topic.book.at(member).rows.at(ten) == std::vector<ledger_cell>{{5, 0, 4}});
}

TEST_CASE("a label that left the horizon is a tombstone; a member that is forgotten leaves nothing") {
  reading topic;
  REQUIRE(topic.take(encode_ledger(sample(), 41)).has_value());
  REQUIRE(topic.take(encode_ledger({member, {}, {}, {ten}}, 42)).has_value());
  CHECK(topic.book.at(member).rows.count(ten) == 0);
  const auto image = topic.book.at(member);
  REQUIRE(topic.take(forget_ledger(member, image)).has_value());
  CHECK(topic.book.empty());
}

TEST_CASE("a row of a newer format is refused, a cut one is damage, a falling sequence breaks the invariant") {
  const auto records = encode_ledger(sample(), 41);
  reading topic;
  auto newer = records[2];
  newer.value[0] = 3;
  CHECK(topic.take({newer}).error().code == errc::refused);
  for (std::size_t size = 1; size < records[2].value.size(); ++size) {
    if (size >= 9 && (size - 9) % 12 == 0) continue;
    CHECK(topic.take({{records[2].key, records[2].value.substr(0, size)}}).error().code == errc::damaged);
  }
  CHECK(topic.take({{"ledger|nem|power", "x"}}).error().code == errc::damaged);
  CHECK(topic.take({{"dictionary|nem|power|70000", "{}"}}).error().code == errc::damaged);
  REQUIRE(topic.take(encode_ledger(sample(), 41)).has_value());
  CHECK(topic.take(encode_ledger(sample(), 40)).error().code == errc::damaged);
}
