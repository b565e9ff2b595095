// Which members of a group may go on: not as other series, in another topic, under other keys or another name alone.
#include <doctest/doctest.h>

#include "groups/open_group.hpp"
#include "support/times.hpp"

using namespace oes;
using namespace oes::test;

namespace {

stream_spec stream_of(std::vector<std::string> metrics) {
  stream_spec stream;
  stream.name = "nem";
  stream.metrics = std::move(metrics);
  stream.topic = "t";
  stream.start = at("2026-11-23T10:00:00");
  return stream;
}

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a stream whose identity changed stops alone: the others of the group that it now travels with go on") {
  auto total = stream_of({"power"});
  auto regions = stream_of({"power"});
  regions.name = "regions";
  regions.metrics = {"energy"};
  regions.primary = primary_grouping::network_region;
  std::map<member_key, member_progress> known;
  for (const auto& group : make_groups({total, regions})) {
    for (const auto& member : group.members) known[member.key].identity = identity_of(group, member);
  }
  total.primary = primary_grouping::network_region;
  const auto groups = make_groups({total, regions});
  REQUIRE(groups.size() == 1);
  const auto parted = part_changed(groups.front(), known, {});
  REQUIRE(parted.stopped.size() == 1);
  CHECK(stream_names(parted.stopped[0].first) == "nem");
  CHECK(parted.stopped[0].second.code == errc::refused);
  CHECK(stream_names(parted.going_on) == "regions");
}

TEST_CASE("B: a stream under a new name, in the topic that it wrote under the old one, is stopped with both ways out") {
  const auto groups_named = [](const std::string& name, const std::string& topic) {
    auto stream = stream_of({"power", "energy"});
    stream.name = name;
    stream.topic = topic;
    return make_groups({stream});
  };
  progress_state held;
  const auto before = groups_named("old", "t");
  for (const auto& member : before.front().members) {
    auto& known = held.members[member.key];
    known.identity = identity_of(before.front(), member);
    if (member.metric() == "power") known.labels.cover({at("2026-11-23T10:00:00"), at("2026-11-23T10:05:00")});
  }
  held.written["t"][0] = 7;

  const auto after = groups_named("new", "t");
  const auto renamed = renamed_members(after, held);
  REQUIRE(renamed.size() == 1);  // nothing of energy was published
  CHECK(renamed.begin()->first == member_key{"new", "power"});
  const auto& why = renamed.begin()->second;
  CHECK(why.code == errc::refused);
  CHECK(has(why.context, "`progress rename --from old --to new --reason TEXT`"));
  CHECK(has(why.context, "`progress reset --stream old --reason TEXT`"));
  const auto parted = part_changed(after.front(), held.members, renamed);
  REQUIRE(parted.stopped.size() == 1);
  CHECK(parted.going_on.members.size() == 1);

  CHECK(renamed_members(groups_named("new", "another"), held).empty());
  CHECK(renamed_members(before, held).empty());
  auto both = before;
  both.push_back(after.front());
  CHECK(renamed_members(both, held).empty());  // beside each other they are check-config's to refuse
}

TEST_CASE("a stream whose topic or form of the keys changed under its name stops alone, with the ways out") {
  auto nem = stream_of({"power"});
  auto other = stream_of({"energy"});
  other.name = "other";
  const ledger_book no_ledger;
  const std::map<member_key, member_progress> nothing;
  const opening first{nothing, no_ledger, {}, std::nullopt, std::nullopt};
  std::map<member_key, member_progress> known;
  for (auto& [key, member] : new_members(make_groups({nem, other}), first)) known.emplace(key, std::move(member));
  CHECK(known.begin()->second.topic == "t");
  CHECK(known.begin()->second.record_key == "point");
  const auto stopped_for = [&](const stream_spec& now) {
    const auto group = make_groups({now, other}).front();
    auto parted = part_changed(group, known, {});
    CHECK(open_group(group, {known, no_ledger, {}, std::nullopt, std::nullopt}).has_error() == !parted.stopped.empty());
    CHECK(parted.going_on.members.size() + parted.stopped.size() == 2);
    return parted.stopped.empty() ? std::string() : parted.stopped[0].second.context;
  };
  CHECK(stopped_for(nem).empty());

  auto elsewhere = nem;
  elsewhere.topic = "u";
  const auto why = stopped_for(elsewhere);
  CHECK(has(why, "stream 'nem' was published into topic 't' and is now to go into 'u'"));
  CHECK(has(why, "put the old topic back"));
  CHECK(has(why, "give it another name"));
  CHECK(has(why, "`progress reset --stream nem --reason TEXT`"));

  auto by_series = nem;
  by_series.key = record_key_policy::series;
  CHECK(has(stopped_for(by_series), "was published with `record.key: point` and is now to have `series`"));

  known.at({"nem", "power"}).topic.clear();
  CHECK(has(stopped_for(by_series), "record.key"));
  known.at({"nem", "power"}).record_key.clear();
  CHECK(stopped_for(elsewhere).empty());  // an earlier release's progress
  CHECK(stopped_for(by_series).empty());
  const opening later{known, no_ledger, {}, std::nullopt, std::nullopt};
  const auto completed = completed_members(make_groups({elsewhere, other}), later);
  REQUIRE(completed.size() == 1);
  CHECK(completed[0].second.topic == "u");
  CHECK(completed[0].second.record_key == "point");
}

TEST_CASE("a stream under a new name in another topic, or with other keys, is no renamed one") {
  auto old = stream_of({"power"});
  old.name = "old";
  const ledger_book no_ledger;
  const std::map<member_key, member_progress> nothing;
  progress_state held;
  for (auto& [key, member] : new_members(make_groups({old}), {nothing, no_ledger, {}, std::nullopt, std::nullopt})) {
    member.labels.cover({at("2026-11-23T10:00:00"), at("2026-11-23T10:05:00")});
    held.members.emplace(key, std::move(member));
  }
  held.written["t"][0] = held.written["u"][0] = 7;
  auto now = old;
  now.name = "new";
  CHECK(renamed_members(make_groups({now}), held).size() == 1);
  now.topic = "u";
  CHECK(renamed_members(make_groups({now}), held).empty());
  now.topic = "t";
  now.key = record_key_policy::series;
  CHECK(renamed_members(make_groups({now}), held).empty());
}
