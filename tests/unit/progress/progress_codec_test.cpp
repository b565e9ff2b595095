#include "progress/progress_codec.hpp"

#include <doctest/doctest.h>

#include "progress/head_record.hpp"
#include "progress/member_records.hpp"
#include "progress/progress_changes.hpp"
#include "unit/progress/samples.hpp"

using namespace oes;

namespace {

progress_state folded(const std::vector<progress_message>& records) {
  progress_state out;
  for (const auto& r : records) {
    const auto done = samples::fold(out, r.key, r.value);
    REQUIRE_MESSAGE(done.has_value(), done.error().context);
  }
  return out;
}

errc code_of(const progress_message& record, progress_state state = {}) {
  const auto before = state;
  const auto done = samples::fold(state, record.key, record.value);
  REQUIRE(done.has_error());
  CHECK(state == before);
  return done.error().code;
}

// Everything that makes a state, as a leader writes it: the claim's transaction, then the members.
std::vector<progress_message> records_of(const progress_state& s) {
  transaction txn;
  txn.sequence = s.sequence;
  txn.begin = encode_begin(s.sequence, s.claim_owner);
  txn.progress = encode_changes({}, s);
  auto after = s;
  progress_state before;
  before.written = s.written;
  seal(txn, before, after, {});
  auto out = std::move(txn.progress);
  out.insert(out.begin(), encode_claim(s.claim_owner, "host-a", s.generation, s.sequence - 1, s.last_version - 5));
  out.insert(out.begin() + 1, txn.begin);
  return out;
}

// The member's own record, and its month's.
progress_message member_record(const member_key& key, const member_progress& member) {
  return encode_member_change(key, nullptr, member, 12).back();
}
progress_message month_record(const member_key& key, const member_progress& member) {
  return encode_member_change(key, nullptr, member, 12).front();
}

// What a transaction's chain says depends on the records before it: not compared here.
progress_state without_chain(progress_state state) {
  state.chain.clear();
  return state;
}

}  // namespace

TEST_CASE("a refusal is read back, with the version that its instance knew of") {
  const auto record = encode_refusal({5000, "host-a/1", "is ahead of Kafka"}, 13);
  CHECK(state_needs(record.key));
  auto state = samples::state();
  ledger_book ledger;
  REQUIRE(apply_progress_record(state, ledger, record.key, record.value).has_value());
  CHECK(state.refused == standing_refusal{5000, "host-a/1", "is ahead of Kafka"});
  CHECK(state.sequence == 13);
  CHECK(state.last_version >= 5000);
}

TEST_CASE("a state written to the topic is read back exactly, odd names and microseconds included") {
  auto state = samples::state();
  CHECK(without_chain(folded(records_of(state))) == state);
  auto& labels = state.members.at({"nem", "power"}).labels;
  auto hole = labels.gaps().at(0);
  labels.close(hole.range);
  hole.given_up_at = utc_time(std::chrono::microseconds(1));
  labels.add_gap(hole);
  state.written["openelectricity.power"] = {{0, 17}, {2, 4}};
  CHECK(without_chain(folded(records_of(state))) == state);
}

TEST_CASE("a person with kcat can read a record") {
  const auto r = member_record({"nem", "power"}, samples::nem_power());
  CHECK(r.key == "member|nem|power");
  CHECK(r.value.starts_with(R"({"v":2,"sequence":12,"identity":"network|NEM)"));
  CHECK(r.value.find(R"("position":"2026-11-23T10:05:00+10:00")") != std::string::npos);
  const auto month = month_record({"nem", "power"}, samples::nem_power());
  CHECK(month.key == "month|nem|power|2026-11");
  CHECK(month.value.starts_with(R"({"v":2,"sequence":12,"labels":".6168c24A12c253","marks":[{"reason":"no_data",)"));
  CHECK(month.value.find(R"("found_at":"2026-11-23T00:11:12.345678Z")") != std::string::npos);
}

TEST_CASE("WEM's times carry WEM's offset") {
  const auto r = member_record({"wem", "price"}, samples::wem_price());
  CHECK(r.value.find(R"("position":"2026-11-23T08:00:00+08:00")") != std::string::npos);
}

TEST_CASE("separators inside names do not make two members meet") {
  const auto a = forget_member({"a|b", "c"}, {}).back();
  const auto b = forget_member({"a", "b|c"}, {}).back();
  CHECK(a.key == "member|a%7Cb|c");
  CHECK(a.key != b.key);
  CHECK(forget_member({"100%", "x\x01"}, {}).back().key == "member|100%25|x%01");
}

TEST_CASE("a tombstone forgets its member and nothing else") {
  auto state = samples::state();
  for (const auto& gone : forget_member({"nem", "power"}, samples::nem_power())) {
    CHECK(gone.value.empty());
    REQUIRE(samples::fold(state, gone.key, gone.value).has_value());
  }
  CHECK(state.members.size() == 1);
  CHECK(state.sequence == 12);
}

TEST_CASE("a begin record raises the sequence and nothing else") {
  auto state = samples::state();
  const auto begin = encode_begin(13, "host-b");
  REQUIRE(samples::fold(state, begin.key, begin.value).has_value());
  auto expected = samples::state();
  expected.sequence = 13;
  CHECK(state == expected);
}

TEST_CASE("a newer format version is refused by name, whatever the kind") {
  auto member = member_record({"nem", "power"}, samples::nem_power());
  member.value.replace(0, 6, R"({"v":3)");
  progress_state state;
  const auto done = samples::fold(state, member.key, member.value);
  REQUIRE(done.has_error());
  CHECK(done.error().code == errc::refused);
  CHECK(done.error().context.find("version 3") != std::string::npos);
  CHECK(code_of({"reason|x", R"({"v":7,"sequence":1})"}) == errc::refused);
  CHECK(code_of({"reason|x", std::string("\x03\x00\x01", 3)}) == errc::refused);
}

TEST_CASE("kinds of later releases in a known format are skipped") {
  auto state = samples::state();
  REQUIRE(samples::fold(state, "facility|x", std::string("\x01\x00\x00zzz", 6)).has_value());
  REQUIRE(samples::fold(state, "units|g|7", R"({"v":1,"sequence":12,"labels":{}})").has_value());
  REQUIRE(samples::fold(state, "reason", "").has_value());
  CHECK(state == samples::state());
}

TEST_CASE("what cannot be read is damage and leaves the state alone") {
  const auto good = member_record({"nem", "power"}, samples::nem_power());
  CHECK(code_of({"member|nem", good.value}) == errc::damaged);
  CHECK(code_of({"member|nem|power|more", good.value}) == errc::damaged);
  CHECK(code_of({"member|ne%GGm|power", good.value}) == errc::damaged);
  CHECK(code_of({"", good.value}) == errc::damaged);
  CHECK(code_of({good.key, "hello"}) == errc::damaged);
  CHECK(code_of({good.key, "[1]"}) == errc::damaged);
  CHECK(code_of({good.key, R"({"sequence":1})"}) == errc::damaged);
  CHECK(code_of({good.key, R"({"v":1})"}) == errc::damaged);
  CHECK(code_of({good.key, R"({"v":1,"sequence":-4})"}) == errc::damaged);
  CHECK(code_of({"claim", R"({"v":1,"sequence":1})"}) == errc::damaged);
  CHECK(code_of({"somebody's", "record"}) == errc::damaged);
  for (std::size_t size = 1; size < good.value.size(); ++size) {
    CHECK(code_of({good.key, good.value.substr(0, size)}) == errc::damaged);
  }
}

TEST_CASE("a member with impossible times, or a month with impossible labels, is damage") {
  const auto changed = [](progress_message r, const std::string& from, std::string_view to) {
    const auto at = r.value.find(from);
    REQUIRE(at != std::string::npos);
    r.value.replace(at, from.size(), to);
    return r;
  };
  const auto wem = member_record({"wem", "price"}, samples::wem_price());
  CHECK(code_of(changed(wem, "2026-11-22T08:00:00+08:00", "2026-11-22T08:00:00+10:00")) == errc::damaged);
  CHECK(code_of(changed(wem, "2026-11-22T08:00:00+08:00", "9999-11-22T08:00:00+08:00")) == errc::damaged);
  CHECK(code_of(changed(wem, R"("WEM")", R"("SWIS")")) == errc::damaged);
  const auto month = month_record({"nem", "power"}, samples::nem_power());
  CHECK(code_of(changed(month, ".6168c24", ".6168c2400")) == errc::damaged);
  CHECK(code_of(changed(month, ".6168c24", ".6168x24")) == errc::damaged);
  CHECK(code_of(changed(month, "A12", "B12")) == errc::damaged);
  CHECK(code_of(changed(month, R"("reason":"no_data",)", "")) == errc::damaged);
  CHECK(code_of({"month|nem|power|2026-13", month.value}) == errc::damaged);
  CHECK(code_of({"month|nem|power|9999-12", month.value}) == errc::damaged);
}

TEST_CASE("a sequence that falls in the order of the records is a broken invariant") {
  auto state = samples::state();
  const auto late = encode_begin(11, "zombie");
  const auto done = samples::fold(state, late.key, late.value);
  REQUIRE(done.has_error());
  CHECK(done.error().code == errc::damaged);
  CHECK(done.error().context.find("from 12 to 11") != std::string::npos);
}

TEST_CASE("compaction leaves gaps in the sequence, which are normal") {
  progress_state state;
  for (const auto sequence : {3, 4, 90}) {
    const auto r = encode_begin(sequence, "i");
    CHECK(samples::fold(state, r.key, r.value).has_value());
  }
  CHECK(state.sequence == 90);
}

TEST_CASE("equal states have equal hashes, and every field counts that all releases know") {
  const auto base = samples::state();
  CHECK(hash_of(base) == hash_of(folded(records_of(base))));
  CHECK(hash_of(base).size() == 64);
  const auto differs = [&](auto change) {
    auto other = base;
    change(other);
    return hash_of(other) != hash_of(base);
  };
  const member_key nem{"nem", "power"};
  CHECK(differs([](auto& s) { ++s.sequence; }));
  CHECK(differs([](auto& s) { ++s.last_version; }));
  CHECK(differs([](auto& s) { ++s.generation; }));
  CHECK(differs([](auto& s) { s.claim_owner += "x"; }));
  CHECK(differs([&](auto& s) { s.members.erase(nem); }));
  CHECK(differs([&](auto& s) { s.members[nem].position += std::chrono::minutes(5); }));
  CHECK(differs([&](auto& s) { s.members[nem].start += std::chrono::minutes(5); }));
  CHECK(differs([&](auto& s) { s.members[nem].identity += "x"; }));
  CHECK_FALSE(differs([&](auto& s) { s.members[nem].topic.clear(); }));  // an earlier release's
  CHECK_FALSE(differs([&](auto& s) { s.members[nem].record_key.clear(); }));
  const auto with_gap = [&](auto change) {
    return differs([&](auto& s) {
      auto hole = s.members[nem].labels.gaps()[0];
      s.members[nem].labels.close(hole.range);
      change(hole);
      s.members[nem].labels.add_gap(hole);
    });
  };
  CHECK(with_gap([](gap& hole) { hole.found_at += std::chrono::microseconds(1); }));
  CHECK(with_gap([](gap& hole) { hole.reason = "malformed"; }));
  CHECK(with_gap([](gap& hole) { hole.given_up_at = utc_time(std::chrono::hours(1)); }));
  CHECK(differs([&](auto& s) {
    s.members[nem].labels.cover({samples::local("2026-11-22T12:00:00"), samples::local("2026-11-22T12:05:00")});
  }));
}

TEST_CASE(
    "a member's record without topic and form of the keys is an earlier release's; another type than a text is "
    "damage") {
  const std::string head = R"({"v":2,"sequence":12,"identity":"network|NEM|5m|total||long","network":"NEM",)"
                           R"("start":"2026-11-22T10:00:00+10:00","position":"2026-11-23T10:00:00+10:00",)"
                           R"("ledger_from":"2026-11-22T10:00:00+10:00")";
  progress_state state;
  REQUIRE(samples::fold(state, "member|nem|power", head + "}").has_value());
  CHECK(state.members.at({"nem", "power"}).topic.empty());
  CHECK(state.members.at({"nem", "power"}).record_key.empty());
  REQUIRE(samples::fold(state, "member|nem|power", head + R"(,"topic":"t","record_key":"series"})").has_value());
  CHECK(state.members.at({"nem", "power"}).topic == "t");
  CHECK(state.members.at({"nem", "power"}).record_key == "series");
  CHECK(samples::fold(state, "member|nem|power", head + R"(,"topic":7})").has_error());
}
