// Records that somebody else wrote, or that an odd input would have made ours: named, never believed, never a crash.
#include <doctest/doctest.h>

#include "operate/export_document.hpp"
#include "progress/ledger_codec.hpp"
#include "progress/member_records.hpp"
#include "progress/operator_reason.hpp"
#include "progress/progress_check.hpp"
#include "unit/progress/samples.hpp"

using namespace oes;

namespace {

const member_key power{"nem", "power"};

std::string row_value() {
  const ledger_update update{power, {}, {{samples::local("2026-11-23T10:00:00"), {{7, 0, 0}}}}, {}};
  return encode_ledger(update, 13).front().value;
}

std::string why_not(const result<void>& done) {
  REQUIRE(done.has_error());
  CHECK(done.error().code == errc::damaged);
  return done.error().context;
}

}  // namespace

TEST_CASE("D5: a ledger record of the year 9999 is damage by its name") {
  auto state = samples::state();
  ledger_book book;
  const std::string key = "ledger|nem|power|9999-12-31T23:55:00";
  const auto why = why_not(apply_progress_record(state, book, key, row_value()));
  CHECK(why.find(key) != std::string::npos);
  CHECK(book.empty());
}

TEST_CASE("D5: a ledger record far ahead of its stream is damage by its name, before memory is looked for") {
  auto state = samples::state();
  ledger_book book;
  const std::string key = "ledger|nem|power|2098-12-31T23:55:00";
  REQUIRE(apply_progress_record(state, book, key, row_value()).has_value());
  CHECK(why_not(check_progress(state, book)).find(key) != std::string::npos);
  book.clear();
  REQUIRE(apply_progress_record(state, book, "ledger|nem|power|2026-11-23T10:00:00", row_value()).has_value());
  CHECK(check_progress(state, book).has_value());
}

TEST_CASE("D5: numbers that could overflow are damage") {
  auto state = samples::state();
  for (const auto* number : {"9223372036854775807", "4611686018427387904", "1e30", "-1"}) {
    const auto value = std::string(R"({"v":2,"sequence":)") + number + R"(,"instance":"i"})";
    CHECK(samples::fold(state, "begin", value).has_error());
    const auto ends =
        std::string(R"({"v":2,"sequence":13,"offsets":{"0":)") + (number[0] == '-' ? number : "-1") + "}}";
    CHECK(samples::fold(state, "ends|t", ends).has_error());
  }
  CHECK(samples::fold(state, "ends|t", R"({"v":2,"sequence":13,"offsets":{"99999999999":1}})").has_error());
  CHECK(samples::fold(state, "head", R"({"v":2,"sequence":13,"generation":1,"claim_owner":"i"})").has_error());
  CHECK(state == samples::state());
}

TEST_CASE("D5: a month without its member is damage") {
  auto state = samples::state();
  const auto records = encode_member_change({"wem", "power"}, nullptr, samples::nem_power(), 13);
  REQUIRE(samples::fold(state, records.front().key, records.front().value).has_value());
  CHECK(why_not(check_progress(state, {})).find("month|wem|power") != std::string::npos);
  REQUIRE(samples::fold(state, records.back().key, records.back().value).has_value());
  CHECK(check_progress(state, {}).has_value());
}

TEST_CASE("G1: a reason that is not UTF-8 is written so that it can be read") {
  const operator_reason why{"caf\xe9", "r\xffoot", "h", std::string(100'000, '\x01'), utc_time()};
  const auto record = encode_reason(why, 13, 5);
  CHECK(record.value.size() < 16 * 1024);
  auto state = samples::state();
  REQUIRE(samples::fold(state, record.key, record.value).has_value());
  const auto back = decode_reason(record.key, record.value);
  REQUIRE_MESSAGE(back.has_value(), back.error().context);
  CHECK((*back)->reason.text == "caf\xef\xbf\xbd");
}

TEST_CASE("G1: an unreadable reason is nothing that the state needs; anything else of ours is") {
  auto state = samples::state();
  CHECK(samples::fold(state, "reason|13", "{\"v\":2,\"reason\":\"caf\xe9\"}").has_error());
  CHECK(!state_needs("reason|13"));
  CHECK(!state_needs("somebody's"));
  for (const auto* key : {"begin", "claim", "credits", "head", "ends|t", "member|a|b", "month|a|b|2026-11",
                          "progress|a|b", "ledger|a|b|c", "dictionary|a|b|1"}) {
    CHECK(state_needs(key));
  }
}

TEST_CASE("G1: names and identities that are not UTF-8 are written so that they can be read") {
  auto member = samples::nem_power();
  member.identity = "wi\xffnd";
  member.labels.add_gap(
      {{samples::local("2026-11-21T10:00:00"), samples::local("2026-11-21T11:00:00")}, "why\xff\n\x01", utc_time()});
  progress_state state;
  for (const auto& r : encode_member_change({"s\xff", "power"}, nullptr, member, 13)) {
    const auto done = samples::fold(state, r.key, r.value);
    REQUIRE_MESSAGE(done.has_value(), done.error().context);
  }
  CHECK(state.members.at({"s\xff", "power"}).labels == member.labels);
}

TEST_CASE("G2: labels keep their length, whatever is in them") {
  const series_labels odd{{"name", std::string("a\0b", 3)}, {std::string("x\0y", 3), ""}};
  const series_labels other{{"name", "a"}, {"x", ""}};
  const ledger_update update{power, {{0, odd}, {1, other}}, {{samples::local("2026-11-23T10:00:00"), {{7, 0, 0}}}}, {}};
  progress_state state;
  ledger_book book;
  for (const auto& r : encode_ledger(update, 13))
    REQUIRE(apply_progress_record(state, book, r.key, r.value).has_value());
  CHECK(book.at(power).dictionary.at(0) == odd);
  CHECK(book.at(power).dictionary.at(1) == other);
  stored_progress all{samples::snapshot(), book};
  const auto back = read_export(write_export(all, utc_time()));
  REQUIRE_MESSAGE(back.has_value(), back.error().context);
  CHECK(back->ledger == book);
}
