#include "progress/head_record.hpp"

#include <doctest/doctest.h>

#include <random>

#include "model/member_patch.hpp"
#include "progress/member_records.hpp"
#include "progress/progress_changes.hpp"
#include "progress/sha256.hpp"
#include "unit/progress/samples.hpp"

using namespace oes;

namespace {

struct sealed {
  transaction txn;
  progress_state after;
};

// One transaction from `before` on; `change` moves the members.
template <typename Change>
sealed step(const progress_state& before, const Change& change, const last_offsets& told = {}) {
  sealed out;
  out.after = before;
  out.after.sequence += 1;
  change(out.after);
  out.txn.sequence = out.after.sequence;
  out.txn.begin = encode_begin(out.after.sequence, "me");
  out.txn.progress = encode_changes(before, out.after);
  seal(out.txn, before, out.after, told);
  return out;
}

const auto nothing = [](progress_state&) {};

progress_state read(const transaction& txn, progress_state state) {
  const auto take = [&](const progress_message& r) {
    const auto done = samples::fold(state, r.key, r.value);
    REQUIRE_MESSAGE(done.has_value(), done.error().context);
  };
  take(txn.begin);
  for (const auto& r : txn.progress) take(r);
  return state;
}

std::string chain_with(const transaction& txn) {
  auto without = txn;
  without.progress.pop_back();
  progress_state plain;
  plain.sequence = 13;
  return chain_of("before", without, encode_head(plain));
}

}  // namespace

TEST_CASE("a transaction ends with its head, which says where it stands") {
  const auto [txn, after] = step(samples::state(), nothing);
  REQUIRE(!txn.progress.empty());
  CHECK(txn.progress.back().key == "head");
  CHECK(after.chain.size() == 64);
  CHECK(read(txn, samples::state()) == after);
}

TEST_CASE("a chain is what its words say: lengths and bytes, in order") {
  transaction txn;
  txn.begin = {"begin", "b"};
  txn.progress = {{"k", ""}};
  const auto sized = [](const std::string& s) {
    return std::string(1, static_cast<char>(s.size())) + std::string(7, '\0') + s;
  };
  CHECK(chain_of("abc", txn, {"head", "h"}) ==
        sha256_hex(sized("abc") + sized("begin") + sized("b") + sized("k") + sized("") + sized("head") + sized("h")));
}

TEST_CASE("nothing of a transaction can be changed without its chain") {
  const auto [txn, after] =
      step(samples::state(), [](progress_state& s) { s.members.begin()->second.identity += "x"; });
  const auto good = chain_with(txn);
  auto other = txn;
  other.begin.value += " ";
  CHECK(chain_with(other) != good);
  other = txn;
  other.progress[0].value += " ";
  CHECK(chain_with(other) != good);
  other = txn;
  other.progress[0].key += other.progress[0].value.substr(0, 1);
  other.progress[0].value.erase(0, 1);
  CHECK(chain_with(other) != good);
  other = txn;
  other.progress.insert(other.progress.begin(), other.progress[0]);
  CHECK(chain_with(other) != good);
}

TEST_CASE("two histories that end alike have different chains") {
  const auto begin = samples::state();
  const auto there = step(begin, [](progress_state& s) { s.members.begin()->second.identity += "x"; }).after;
  auto back = step(there, [&](progress_state& s) { s.members = begin.members; }).after;
  auto straight = step(step(begin, nothing).after, nothing).after;
  CHECK(back.members == straight.members);
  CHECK(back.sequence == straight.sequence);
  CHECK(back.chain != straight.chain);
}

TEST_CASE("how far the data topics were written is said again only where it rose") {
  auto before = samples::state();
  before.written = {{"a", {{0, 5}, {1, 7}}}, {"b|c", {{0, 1}}}};
  const auto [first, after] = step(before, nothing);
  REQUIRE(first.progress.size() == 3);
  CHECK(first.progress[0].key == "ends|a");
  CHECK(first.progress[1].key == "ends|b%7Cc");
  progress_state empty;
  empty.members = before.members;
  CHECK(read(first, empty).written == before.written);
  CHECK(step(after, nothing, before.written).txn.progress.size() == 1);
  auto rose = after;
  raise(rose.written, {{"a", {{1, 9}}}});
  CHECK(rose.written.at("a").at(0) == 5);
  CHECK(step(rose, nothing, before.written).txn.progress.size() == 2);
}

TEST_CASE("a topic that nobody writes any more is forgotten in Kafka, too") {
  auto before = samples::state();
  before.written = {{"kept", {{0, 5}}}};
  const next_offsets there{{"kept", {{0, 5}}}, {"gone", {{0, 7}}}};
  const auto [txn, after] = step(before, nothing, there);
  REQUIRE(txn.progress.size() == 2);
  CHECK(txn.progress[0].key == "ends|gone");
  CHECK(txn.progress[0].value.empty());
  auto kafka = before;
  kafka.written = there;
  CHECK(read(txn, kafka).written == before.written);
  CHECK(after.written == before.written);
}

TEST_CASE("D1: over any history of patches Kafka says what memory says, in small records") {
  for (unsigned seed = 1; seed <= 12; ++seed) {
    std::mt19937 random(seed);
    const auto draw = [&](int below) { return static_cast<int>(random() % static_cast<unsigned>(below)); };
    progress_state memory = samples::state();
    progress_state kafka = read(step({}, [&](progress_state& s) { s = samples::state(); }).txn, {});
    kafka.chain = memory.chain;
    const auto begin = samples::local("2025-01-01T00:00:00");
    for (int i = 0; i < 60; ++i) {
      auto moving = memory.members.begin();
      if (draw(2) == 0) ++moving;
      const auto from = begin + std::chrono::minutes(5 * draw(200'000));
      member_patch patch;
      for (int n = 0; n < 1 + draw(300); ++n) {
        const auto at = from + std::chrono::minutes(30 * n);
        patch.covered.add({at, at + std::chrono::minutes(5 * (1 + draw(5)))});
        patch.gaps.push_back({{at, at + std::chrono::minutes(30)}, "no_data", utc_time(std::chrono::minutes(i))});
      }
      if (draw(4) == 0) patch.closed.add({from, from + std::chrono::hours(draw(100))});
      const auto [txn, after] = step(memory, [&](progress_state& s) { apply(s.members.at(moving->first), patch); });
      std::size_t months = 0;
      for (const auto& r : txn.progress) {
        CHECK(r.value.size() + r.key.size() < 16 * 1024);
        months += r.key.starts_with("month|") ? 1 : 0;
      }
      CHECK(months <= 3);
      memory = after;
      kafka = read(txn, std::move(kafka));
      CHECK(kafka == memory);
      CHECK(hash_of(kafka) == hash_of(memory));
    }
  }
}
