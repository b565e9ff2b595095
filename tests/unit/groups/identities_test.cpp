// Which members of a group may go on: not under another identity, nor under another name alone.
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
  held.ends["t"][0] = 7;

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
