#include "operate/progress_edit.hpp"

#include <doctest/doctest.h>

#include "unit/progress/samples.hpp"

using namespace oes;

namespace {

const member_key power{"nem", "power"};
const utc_time now = *parse_utc("2026-11-23T02:00:00Z");

whole_progress all() {
  whole_progress out{samples::state(), {}};
  for (const auto& key : {power, member_key{"wem|odd %name\n", "price"}}) {
    auto& image = out.ledger[key];
    image.dictionary[0] = {{"region", "NSW1"}};
    for (const auto* label : {"2026-11-22T12:25:00", "2026-11-22T12:30:00", "2026-11-23T10:00:00"}) {
      image.rows[samples::local(label)] = {{7, 0, 2}};
    }
  }
  return out;
}

std::size_t rows_of(const progress_edit& plan, const member_key& key) {
  const auto found = plan.after.ledger.find(key);
  return found == plan.after.ledger.end() ? 0 : found->second.rows.size();
}

member_progress fresh_power() {
  member_progress m;
  m.identity = samples::nem_power().identity;
  m.topic = samples::nem_power().topic;
  m.record_key = samples::nem_power().record_key;
  m.net = network::nem;
  m.start = m.position = samples::local("2026-11-22T11:00:00");
  return m;
}

progress_edit done(const result<progress_edit>& plan) {
  REQUIRE_MESSAGE(plan.has_value(), plan.error().context);
  return *plan;
}

void check_refused(const result<progress_edit>& plan, const std::string& part) {
  REQUIRE(plan.has_error());
  CHECK(plan.error().code == errc::refused);
  CHECK_MESSAGE(plan.error().context.find(part) != std::string::npos, plan.error().context);
}

bool says(const progress_edit& plan, const std::string& part) {
  for (const auto& line : plan.says) {
    if (line.find(part) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("reset: a configured member begins again at its start, and the cost is counted") {
  const auto plan = done(reset_members(all(), {"nem", ""}, {{power, fresh_power()}}));
  CHECK(plan.after.state.members.at(power) == fresh_power());
  CHECK(plan.after.state.members.size() == 2);
  CHECK_FALSE(plan.after.ledger.contains(power));
  CHECK(plan.after.ledger.size() == 1);
  CHECK(plan.must_confirm);
  // 11:00–12:00 and 13:00–10:05 of the next day, in steps of five minutes.
  CHECK(says(plan, "265 covered interval(s)"));
  CHECK(says(plan, "what lies before is not fetched again"));
}

TEST_CASE("reset: a member that the configuration does not name is gone") {
  const auto plan = done(reset_members(all(), {"nem", "power"}, {}));
  CHECK_FALSE(plan.after.state.members.contains(power));
  CHECK(says(plan, "forgotten"));
}

TEST_CASE("reset: a changed identity is said, not counted") {
  auto other = fresh_power();
  other.identity = "network|NEM|5m|total||long";
  const auto plan = done(reset_members(all(), {"nem", ""}, {{power, other}}));
  CHECK(plan.after.state.members.at(power).identity == other.identity);
  CHECK(says(plan, "published as network|NEM|5m|total||long"));
}

TEST_CASE("a stream without progress is refused, naming those that have some") {
  check_refused(reset_members(all(), {"nowhere", ""}, {}), "nem, wem");
  check_refused(reset_members(all(), {"nem", "price"}, {}), "no progress of nem/price");
  check_refused(seek_members(all(), {"nowhere", ""}, "2026-11-23", now), "no progress of nowhere");
}

TEST_CASE("seek back: covered and gaps are cut there, on the beginning of an interval") {
  const auto plan = done(seek_members(all(), {"nem", ""}, "2026-11-22T12:33:10", now));
  const auto& member = plan.after.state.members.at(power);
  const auto at = samples::local("2026-11-22T12:30:00");
  CHECK(member.position == at);
  CHECK(member.labels.covered().ranges() ==
        std::vector<time_range>{{samples::local("2026-11-22T10:00:00"), samples::local("2026-11-22T12:00:00")}});
  REQUIRE(member.labels.gaps().size() == 1);
  CHECK(member.labels.gaps()[0].range == time_range{samples::local("2026-11-22T12:00:00"), at});
  CHECK(member.start == samples::nem_power().start);
  CHECK(rows_of(plan, power) == 1);
  CHECK(plan.after.ledger.at(power).dictionary.size() == 1);
  CHECK(says(plan, "253 covered interval(s)"));
}

TEST_CASE("seek back beyond the start: the stream now begins there") {
  const auto plan = done(seek_members(all(), {"nem", ""}, "2026-11-01", now));
  const auto& member = plan.after.state.members.at(power);
  CHECK(member.start == samples::local("2026-11-01T00:00:00"));
  CHECK(member.position == member.start);
  CHECK(member.labels.covered().empty());
  CHECK(member.labels.gaps().empty());
}

TEST_CASE("seek forward: what is passed is a gap") {
  const auto plan = done(seek_members(all(), {"nem", ""}, "2026-11-23T11:00:00", now));
  const auto& member = plan.after.state.members.at(power);
  CHECK(member.position == samples::local("2026-11-23T11:00:00"));
  CHECK(member.labels.covered() == samples::nem_power().labels.covered());
  CHECK(member.ledger_from == member.position);  // else a re-read would reach into what was skipped
  CHECK(rows_of(plan, power) == 0);
  CHECK(member.labels.gaps().back() ==
        gap{{samples::nem_power().position, samples::local("2026-11-23T11:00:00")}, "seek", now});
}

TEST_CASE("seek: a time with an offset is put on the network's clock") {
  const auto plan = done(seek_members(all(), {"nem", ""}, "2026-11-22T02:00:00Z", now));
  CHECK(plan.after.state.members.at(power).position == samples::local("2026-11-22T12:00:00"));
}

TEST_CASE("seek: nonsense, the future and the place where it stands are refused") {
  check_refused(seek_members(all(), {"nem", ""}, "yesterday", now), "is no time");
  check_refused(seek_members(all(), {"nem", ""}, "2026-11-23T12:30:00", now), "ahead of now");
  check_refused(seek_members(all(), {"nem", ""}, "2026-11-23T10:05:00", now), "already");
}

TEST_CASE("rename: the progress moves whole, and needs no confirmation") {
  const auto plan = done(rename_stream(all(), "nem", "regions", {{{"regions", "power"}, fresh_power()}}));
  CHECK_FALSE(plan.after.state.members.contains(power));
  CHECK(plan.after.state.members.at({"regions", "power"}) == samples::nem_power());
  CHECK(plan.after.ledger.at({"regions", "power"}) == all().ledger.at(power));
  CHECK_FALSE(plan.after.ledger.contains(power));
  CHECK_FALSE(plan.must_confirm);
}

TEST_CASE("rename onto a name that has not published anything takes its place") {
  auto before = samples::state();
  before.members[{"regions", "power"}] = fresh_power();
  const auto plan = done(rename_stream({before, {}}, "nem", "regions", {{{"regions", "power"}, fresh_power()}}));
  CHECK(plan.after.state.members.at({"regions", "power"}) == samples::nem_power());
}

TEST_CASE("rename is refused onto a name that is not configured, has progress, or is another series") {
  const member_map configured{{{"regions", "power"}, fresh_power()}};
  check_refused(rename_stream(all(), "nem", "regoins", configured),
                "names no stream 'regoins', only regions: stop the daemon, rename it there");
  auto taken = samples::state();
  taken.members[{"regions", "energy"}] = samples::nem_power();
  check_refused(rename_stream({taken, {}}, "nem", "regions", configured), "has progress of its own");
  auto other = fresh_power();
  other.identity = "network|NEM|1h|total||long";
  check_refused(rename_stream(all(), "nem", "regions", {{{"regions", "power"}, other}}), "another series");
}

TEST_CASE("rename into another topic says so and asks first; to keys of another form it is refused") {
  auto other = fresh_power();
  other.topic = "another";
  const auto plan = done(rename_stream(all(), "nem", "regions", {{{"regions", "power"}, other}}));
  CHECK(plan.must_confirm);
  CHECK(says(plan, "go into topic another; those before stay in openelectricity.network.5m.v1"));
  CHECK(plan.after.state.members.at({"regions", "power"}).topic == "another");
  other.record_key = "series";
  check_refused(rename_stream(all(), "nem", "regions", {{{"regions", "power"}, other}}), "record.key: series");
}

TEST_CASE("rename where the old name stays configured asks first: it begins again") {
  const auto plan =
      done(rename_stream(all(), "nem", "regions", {{{"regions", "power"}, fresh_power()}, {power, fresh_power()}}));
  CHECK(plan.must_confirm);
}

TEST_CASE("import into an empty deployment: the members, the versions and the sequence go on") {
  progress_state nothing;
  nothing.sequence = 3;
  const auto plan = done(import_progress({nothing, {}}, all(), existing_progress::refuse));
  auto imported = samples::state().members;
  imported.at(power).topic = imported.at(power).record_key = "";  // as configured here, not there
  CHECK(plan.after.state.members == imported);
  CHECK(plan.after.state.last_version == samples::state().last_version);
  CHECK(plan.after.state.sequence == samples::state().sequence);
}

TEST_CASE("import over progress needs --replace, and versions never fall") {
  auto there = samples::state();
  there.last_version += 1000;
  auto imported = samples::state();
  imported.members[power].labels.forget({samples::local("2026-11-23T10:00:00"), network_time::max()});
  check_refused(import_progress({there, {}}, {imported, {}}, existing_progress::refuse), "--replace");
  const auto plan = done(import_progress({there, {}}, {imported, {}}, existing_progress::replace));
  CHECK(plan.after.state.last_version == there.last_version);
  CHECK(says(plan, "published twice: 2026-11-23T10:00:00+10:00"));
}

TEST_CASE("configured members that are left without progress begin in the same transaction") {
  auto plan = done(reset_members(all(), {"nem", ""}, {}));
  add_new_members(plan, {{power, fresh_power()}, {{"wem|odd %name\n", "price"}, fresh_power()}});
  CHECK(plan.after.state.members.at(power) == fresh_power());
  CHECK(plan.after.state.members.at({"wem|odd %name\n", "price"}) == samples::wem_price());
}

TEST_CASE("progress that does not say topic and form of the keys takes them from the same series' configuration") {
  auto before = all();
  before.state.members.at(power).topic.clear();
  before.state.members.at(power).record_key.clear();
  progress_edit plan{before, before, {}, false};
  auto other = fresh_power();
  other.identity += "x";
  add_new_members(plan, {{power, other}});
  CHECK(plan.after.state.members == before.state.members);
  add_new_members(plan, {{power, fresh_power()}});
  CHECK(plan.after.state.members.at(power) == samples::nem_power());
}

TEST_CASE("seek back beyond the start says what was never read, and that a backfill fetches it beside the stream") {
  const auto plan = done(seek_members(all(), {"nem", ""}, "1990-01-01", now));
  CHECK(says(plan, "and 3880632 interval(s) before its start, 2026-11-22T10:00:00+10:00, which were never read"));
  CHECK(says(plan, "450 request(s) or more"));
  CHECK(says(plan, "`backfill --stream nem --from 1990-01-01T00:00:00 --to 2026-11-22T10:00:00`"));
  const auto near = done(seek_members(all(), {"nem", ""}, "2026-11-22T10:00:00", now));
  CHECK_FALSE(says(near, "never read"));
}
