#include "groups/open_group.hpp"

#include "model/fault_point.hpp"

namespace oes {
namespace {

error identity_changed(const tracked_metric& member, const std::string& was, const std::string& is) {
  return {
      errc::refused,
      "stream '" + member.stream() + "' was published as " + was + " and is now " + is +
          ": give it another name, and it begins by itself at its `start:`, which costs nothing; or `progress reset "
          "--stream " +
          member.stream() +
          " --reason TEXT` starts it again as it is now: what readers have of it stays in the topics"};
}

member_progress begin_member(const request_group& group, const tracked_metric& member, const opening& o) {
  member_progress fresh;
  fresh.identity = identity_of(group, member);
  fresh.net = group.identity.net;
  const stream_start start = o.start_override ? stream_start(*o.start_override) : member.start;
  const auto now = to_network_time(o.now, group.identity.net);
  fresh.start = resolve_start(start, group.identity.interval, now, o.limits.history);
  fresh.position = fresh.start;
  fresh.ledger_from = fresh.start;
  return fresh;
}

}  // namespace

result<group_state> open_group(const request_group& group, const opening& o) {
  group_state state;
  state.again = look_back(group.re_reads, group.identity.interval, group.members.size());
  for (const auto& member : group.members) {
    state.begun_here.push_back(o.begun != nullptr && o.begun->contains(member.key));
    const auto found = o.known.find(member.key);
    const auto identity = identity_of(group, member);
    if (found == o.known.end()) {
      state.members.push_back(begin_member(group, member, o));
    } else if (found->second.identity == identity) {
      state.members.push_back(found->second);
    } else {
      return identity_changed(member, found->second.identity, identity);
    }
    auto known = o.ledger.find(member.key);
    if (seeded_bug("ledger-not-restored")) known = o.ledger.end();
    state.ledgers.push_back(known == o.ledger.end()
                                ? ledger(group.identity.interval)
                                : ledger(group.identity.interval, known->second, state.members.back().ledger_from));
  }
  return state;
}

std::vector<std::pair<member_key, member_patch>> starts_drawn_back(const request_group& group, const group_state& state,
                                                                   utc_time now, const plan_limits& limits) {
  std::vector<std::pair<member_key, member_patch>> drawn;
  const auto here = to_network_time(now, group.identity.net);
  for (std::size_t i = 0; i < group.members.size(); ++i) {
    const auto& stands = state.members[i];
    const auto& configured = group.members[i].start;
    if (!is_untouched(stands) || std::holds_alternative<network_time>(configured)) continue;
    const bool is_ahead = stands.start > first_open(here, group.identity.interval);
    if (!is_ahead && (i >= state.begun_here.size() || !state.begun_here[i])) continue;
    const auto right = resolve_start(configured, group.identity.interval, here, limits.history);
    if (right >= stands.start) continue;
    member_patch patch;
    patch.restart = right;
    drawn.emplace_back(group.members[i].key, std::move(patch));
  }
  return drawn;
}

std::vector<std::pair<member_key, member_progress>> new_members(const std::vector<request_group>& groups,
                                                                const opening& o) {
  std::vector<std::pair<member_key, member_progress>> fresh;
  for (const auto& group : groups) {
    for (const auto& member : group.members) {
      if (o.known.find(member.key) == o.known.end()) fresh.emplace_back(member.key, begin_member(group, member, o));
    }
  }
  return fresh;
}

}  // namespace oes
