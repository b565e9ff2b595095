#include "verify/verification.hpp"

#include <doctest/doctest.h>

#include "progress/ledger_changes.hpp"
#include "progress/progress_codec.hpp"
#include "unit/progress/samples.hpp"

using namespace oes;

namespace {

const member_key power{"nem", "power"};

// Ten o'clock to half past, a gap at 10:15.
progress_state held() {
  progress_state s;
  s.sequence = 5;
  s.last_version = 100;
  auto& m = s.members[power];
  m.identity = "network|NEM|5m|total||long";
  m.start = samples::local("2026-11-23T10:00:00");
  m.position = samples::local("2026-11-23T10:30:00");
  m.labels.cover({m.start, samples::local("2026-11-23T10:15:00")});
  m.labels.cover({samples::local("2026-11-23T10:20:00"), m.position});
  m.labels.add_gap({{samples::local("2026-11-23T10:15:00"), samples::local("2026-11-23T10:20:00")}, "no_data", {}});
  return s;
}

struct bed {
  explicit bed(std::size_t passes = 1, std::vector<kept_reason> reasons = {})
      : seen(progress, std::move(reasons), passes), count(passes) {}

  void put(const std::string& minute, int revision, int version, const std::string& stream = "nem") {
    const auto interval = "2026-11-23T10:" + minute + ":00+10:00";
    const auto value = R"({"interval":")" + interval + R"(","metric":"power","value":1.50,"stream":")" + stream +
                       R"(","revision":)" + std::to_string(revision) + R"(,"version":)" + std::to_string(version) + "}";
    records.emplace_back("v1|NEM|5m|power||" + interval, value);
  }
  void put_all() {
    int version = 0;
    for (const auto* minute : {"00", "05", "10", "20", "25"}) put(minute, 0, ++version);
  }
  verdict judged(bool thinned = false, verify_settings settings = {}) {
    for (std::size_t pass = 0; pass < count; ++pass) {
      for (std::size_t i = 0; i < records.size(); ++i) {
        seen.take(i < partitions.size() ? partitions[i] : 0, records[i].first, records[i].second, pass);
      }
      seen.end_pass();
    }
    return judge(seen, progress, later, {{power, thinned}}, settings);
  }

  progress_state progress = held();
  progress_state later = held();
  verification seen;
  std::size_t count;
  std::vector<std::pair<std::string, std::string>> records;
  std::vector<std::int32_t> partitions;  ///< of each record; missing: 0
};

bool says(const verdict& v, const std::string& part) {
  for (const auto& line : v.lines) {
    if (line.find(part) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("a wide record belongs to the member with all its stream's columns") {
  const auto record = read_data_record(
      R"({"interval":"2026-11-23T10:00:00+10:00","power":1.5,"energy":0.4,"stream":"nem","revision":2,"version":7})");
  REQUIRE(record.has_value());
  CHECK(record->metric == "*");
  CHECK(read_data_record(R"({"power":1.5,"stream":"nem"})").has_error());
}

TEST_CASE("what is covered is there, once: it fits, in one pass or in several") {
  for (const std::size_t passes : {1, 2, 7}) {
    bed b(passes);
    b.put_all();
    b.put("05", 1, 50);
    const auto v = b.judged();
    CHECK(v.fits);
    CHECK(says(v, "nem/power: 6 record(s) at 5 label(s); covered: 5 label(s)"));
  }
}

TEST_CASE("a covered label without any record does not fit, and how to publish it is said") {
  bed b;
  b.put("00", 0, 1);
  b.put("20", 0, 2);
  b.put("25", 0, 3);
  const auto v = b.judged();
  CHECK_FALSE(v.fits);
  CHECK(says(v, "covered, but no record at 2026-11-23T10:05:00+10:00 … 2026-11-23T10:15:00+10:00"));
  CHECK(says(v, "`progress seek --stream nem"));
}

TEST_CASE("labels before the oldest record of a topic that deletes may have expired; later ones may not") {
  bed expired;
  expired.put("20", 0, 1);
  expired.put("25", 0, 2);
  CHECK(expired.judged(true).fits);
  bed lost;
  lost.put("00", 0, 1);
  lost.put("25", 0, 2);
  CHECK_FALSE(lost.judged(true).fits);
}

TEST_CASE("a null in a gap fits, a record beyond what is covered does not") {
  bed b;
  b.put_all();
  b.put("15", 0, 10);
  CHECK(b.judged().fits);
  b.put("40", 0, 11);
  CHECK_FALSE(b.judged().fits);
}

TEST_CASE("what a running daemon commits meanwhile is vouched for by the later reading") {
  bed b;
  b.put_all();
  b.put("30", 0, 99);   // handed out before the first reading, committed after it
  b.put("35", 0, 150);  // handed out later
  b.later.last_version = 150;
  b.later.members[power].labels.cover({samples::local("2026-11-23T10:30:00"), samples::local("2026-11-23T10:40:00")});
  CHECK(b.judged().fits);
}

TEST_CASE("a version above progress does not fit") {
  bed b;
  b.put_all();
  b.put("25", 1, 101);
  CHECK(says(b.judged(), "newest version 101 is above progress's 100"));
}

TEST_CASE(
    "a key and revision twice is found, in whatever pass, unless an operator wanted it or at_least_once allows it") {
  for (const std::size_t passes : {1, 3}) {
    bed b(passes);
    b.put_all();
    b.put("05", 0, 50);
    CHECK(says(b.judged(), "1 record(s) with a key and revision that was there already"));
  }
  bed wanted(1, {{{}, 4, 49}});
  wanted.put_all();
  wanted.put("05", 0, 50);
  const auto v = wanted.judged();
  CHECK(v.fits);
  CHECK(says(v, "published again by an operator's change"));
  bed allowed;
  allowed.put_all();
  allowed.put("05", 0, 50);
  verify_settings loose;
  loose.repeats_allowed = true;
  CHECK(allowed.judged(false, loose).fits);
}

TEST_CASE("a missing revision and a version that falls within a key are found") {
  bed b;
  b.put_all();
  b.put("05", 2, 50);
  b.put("10", 1, 1);
  const auto v = b.judged();
  CHECK(says(v, "1 revision(s) missing"));
  CHECK(says(v, "version does not rise"));
}

TEST_CASE("records that a seek has left behind are said and fit; those of others and of nobody are counted") {
  bed b(1, {{{}, 4, 60}});
  b.put_all();
  b.put("45", 0, 55);
  b.put("00", 0, 70, "elsewhere");
  b.records.emplace_back("k", "not json");
  const auto v = b.judged();
  CHECK(v.fits);
  CHECK(says(v, "1 record(s) that an operator's change has left behind"));
  CHECK(says(v, "1 record(s) of streams that progress does not know"));
  CHECK(says(v, "1 record(s) that are none of this program's"));
}

TEST_CASE("records that a stream published under a former name are its own") {
  kept_reason first{{}, 4, 2};
  first.reason.command = "rename --from power --to fuel";
  kept_reason second{{}, 5, 4};
  second.reason.command = "rename --from fuel --to nem";
  bed b(1, {second, first});
  b.put("00", 0, 1, "power");
  b.put("05", 0, 2, "power");
  b.put("10", 0, 3, "fuel");
  b.put("20", 0, 4, "fuel");
  b.put("25", 0, 5);
  b.put("25", 0, 6, "power");  // another stream of that name, afterwards
  const auto v = b.judged();
  CHECK(v.fits);
  CHECK(says(v, "1 record(s) of streams that progress does not know"));
}

TEST_CASE("labels are told apart before and after the epoch, and across days") {
  label_set set;
  for (const auto* label :
       {"1969-12-31T23:55:00", "1970-01-01T00:00:00", "2026-11-23T00:00:00", "2026-11-23T00:00:00"}) {
    set.add(samples::local(label));
  }
  CHECK(set.size() == 3);
  CHECK(set.contains(samples::local("1969-12-31T23:55:00")));
  CHECK_FALSE(set.contains(samples::local("1969-12-31T23:50:00")));
  CHECK_FALSE(set.contains(samples::local("2026-11-23T00:05:00")));
}

TEST_CASE("the ledger goes from one form to another by rows, entries and tombstones") {
  ledger_book before;
  auto& kept = before[power];
  kept.dictionary[0] = {{"region", "NSW1"}};
  kept.rows[samples::local("2026-11-23T10:00:00")] = {{7, 0, 0}};
  kept.rows[samples::local("2026-11-23T10:05:00")] = {{8, 0, 0}};
  before[{"gone", "power"}] = kept;
  auto after = before;
  after.erase({"gone", "power"});
  after[power].rows.erase(samples::local("2026-11-23T10:00:00"));
  after[power].rows[samples::local("2026-11-23T10:05:00")] = {{9, 0, 1}};
  after[{"new", "power"}] = kept;
  progress_state state;
  auto book = before;
  const auto records = encode_ledger_changes(before, after, 7);
  for (const auto& one : records) {
    REQUIRE(apply_progress_record(state, book, one.key, one.value).has_value());
  }
  CHECK(book == after);
  CHECK(records.size() == 3 + 1 + 1 + 3);
  CHECK(encode_ledger_changes(after, after, 8).empty());
}

TEST_CASE("B7 a key that moved to another partition is judged by version, whichever partition was read first") {
  bed raised;
  raised.put_all();
  raised.put("00", 2, 12);  // the new partition is read first
  raised.put("00", 1, 11);
  raised.partitions = {0, 0, 0, 0, 0, 3, 1};
  raised.later.last_version = 100;
  CHECK(raised.judged().fits);

  bed twice;
  twice.put_all();
  twice.put("00", 1, 12);
  twice.put("00", 1, 11);
  twice.partitions = {0, 0, 0, 0, 0, 3, 1};
  CHECK(says(twice.judged(), "1 record(s) with a key and revision that was there already"));
}

TEST_CASE("a tombstone under a key of a member does not fit, another's is nobody's") {
  bed b;
  b.put_all();
  b.records.emplace_back("v1|NEM|5m|power||2026-11-23T10:05:00+10:00", "");
  b.records.emplace_back("v1|facility|F|U", "");
  const auto told = b.judged();
  CHECK_FALSE(told.fits);
  CHECK(says(told, "does not fit: 1 tombstone(s) under keys of these streams"));
  CHECK(says(told, "first v1|NEM|5m|power||2026-11-23T10:05:00+10:00"));
  CHECK(says(told, "1 record(s) that are none of this program's"));
}

TEST_CASE("a record between two labels does not fit, though what is around it is covered") {
  bed b;
  b.put_all();
  b.put("07", 0, 9);
  const auto told = b.judged();
  CHECK_FALSE(told.fits);
  CHECK(says(told, "nem/power: 1 record(s) at times where no interval begins or ends, first at 2026-11-23T10:07:00"));
}

TEST_CASE("B6 another network's records under the same stream name are not ours") {
  bed it;
  it.put_all();
  const std::string wem = R"({"interval":"2026-11-23T10:00:00+08:00","metric":"power","value":1.50,"stream":"nem",)"
                          R"("revision":0,"version":50})";
  it.records.emplace_back("v1|WEM|5m|power||2026-11-23T10:00:00+08:00", wem);
  const auto seen = it.judged();
  CHECK(seen.fits);
  CHECK(says(seen, "1 record(s) of streams that progress does not know"));
}

TEST_CASE("a record that cannot be read is nobody's, unless it stands under a key of a member") {
  bed b;
  b.put_all();
  CHECK(b.seen.is_of_member("v1|NEM|5m|power|region=NSW1|2026-11-23T10:00:00+10:00"));
  for (const auto* key :
       {"", "x", "v1|NEM|5m|price||2026-11-23T10:00:00+10:00", "v1|WEM|5m|power||", "v1|facility|A|B"}) {
    CAPTURE(key);
    CHECK_FALSE(b.seen.is_of_member(key));
    b.seen.take_unreadable(key, "", 0);
  }
  CHECK(b.judged().fits);
  bed other;
  other.put_all();
  other.seen.take_unreadable("v1|NEM|5m|power||2026-11-23T10:00:00+10:00", "cut", 0);
  const auto told = other.judged();
  CHECK_FALSE(told.fits);
  CHECK(told.lines.back() ==
        "does not fit: 1 record(s) under keys of these streams that cannot be read, first "
        "v1|NEM|5m|power||2026-11-23T10:00:00+10:00: cut");
}
