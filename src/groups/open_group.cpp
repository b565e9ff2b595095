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
  fresh.start = resolve_start(start, group.identity.interval, now, o.history);
  fresh.position = fresh.start;
  fresh.ledger_from = fresh.start;
  return fresh;
}

std::optional<moment> begun_at(const opening& o, const member_key& key) {
  if (o.begun == nullptr) return std::nullopt;
  const auto found = o.begun->find(key);
  return found == o.begun->end() ? std::nullopt : std::optional(found->second);
}

// Later than it stands a stream begins only where the clock was behind by more than this. Less costs a few requests;
// and a host that slept meanwhile has not counted its sleep.
constexpr auto far_behind = std::chrono::hours(36);

}  // namespace

result<group_state> open_group(const request_group& group, const opening& o) {
  group_state state;
  state.re_reads = look_back(group.re_reads, group.identity.interval, group.members.size());
  for (const auto& member : group.members) {
    state.begun_here.push_back(begun_at(o, member.key));
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

parted_group part_changed(const request_group& group, const std::map<member_key, member_progress>& known) {
  parted_group out{group, {}};
  out.going_on.members.clear();
  for (const auto& member : group.members) {
    const auto found = known.find(member.key);
    const auto identity = identity_of(group, member);
    if (found == known.end() || found->second.identity == identity) {
      out.going_on.members.push_back(member);
      continue;
    }
    auto alone = group;
    alone.members = {member};
    out.stopped.emplace_back(std::move(alone), identity_changed(member, found->second.identity, identity));
  }
  return out;
}

std::vector<std::pair<member_key, member_patch>> corrected_starts(const request_group& group, const group_state& state,
                                                                  const moment& now, clock_standing standing,
                                                                  std::optional<std::chrono::days> history) {
  const bool is_confirmed = standing == clock_standing::agrees || standing == clock_standing::followed;
  std::vector<std::pair<member_key, member_patch>> drawn;
  const auto here = to_network_time(now.now, group.identity.net);
  for (std::size_t i = 0; i < group.members.size(); ++i) {
    const auto& stands = state.members[i];
    const auto& configured = group.members[i].start;
    if (!is_untouched(stands)) continue;
    const bool is_ahead = stands.start > first_open(here, group.identity.interval);
    const auto begun = i < state.begun_here.size() ? state.begun_here[i] : std::nullopt;
    const bool is_absolute = std::holds_alternative<network_time>(configured);
    if (!begun && (is_absolute || !is_ahead)) continue;
    // When that was, by the clock of today.
    const auto since = begun.value_or(now);
    const auto then = now.now - (now.run - since.run);
    const auto right =
        resolve_start(configured, group.identity.interval, to_network_time(then, group.identity.net), history);
    const bool was_far_behind = is_confirmed && then - since.now > far_behind;
    if (right == stands.start || (right > stands.start && !was_far_behind)) continue;
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
