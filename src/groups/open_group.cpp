#include "groups/open_group.hpp"

#include <algorithm>
#include <set>
#include <string_view>

#include "groups/member_contract.hpp"
#include "model/fault_point.hpp"

namespace oes {
namespace {

error is_renamed(const std::string& now, const std::string& before, const std::string& topic) {
  return {errc::refused, "stream '" + now + "' is what stream '" + before + "' was, which has published into topic '" +
                             topic + "' and is configured no more: `progress rename --from " + before + " --to " + now +
                             " --reason TEXT` goes on where it stands; `progress reset --stream " + before +
                             " --reason TEXT` lets '" + now + "' publish all of it again"};
}

using member_entry = std::pair<const member_key, member_progress>;

std::set<std::string_view> names_of(const std::vector<request_group>& groups) {
  std::set<std::string_view> names;
  for (const auto& group : groups) {
    for (const auto& member : group.members) names.insert(member.stream());
  }
  return names;
}

member_progress begin_member(const request_group& group, const tracked_metric& member, const opening& o) {
  member_progress fresh;
  fresh.identity = identity_of(group, member);
  fresh.net = group.identity.net;
  fresh.topic = member.options.topic;
  fresh.record_key = name_of(member.options.key);
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
    if (found == o.known.end()) {
      state.members.push_back(begin_member(group, member, o));
    } else if (auto why = contract_changed(group, member, found->second)) {
      return std::move(*why);
    } else {
      state.members.push_back(found->second);
    }
    auto known = o.ledger.find(member.key);
    if (seeded_bug("ledger-not-restored")) known = o.ledger.end();
    state.ledgers.push_back(known == o.ledger.end()
                                ? ledger(group.identity.interval)
                                : ledger(group.identity.interval, known->second, state.members.back().ledger_from));
  }
  return state;
}

std::map<member_key, error> renamed_members(const std::vector<request_group>& groups, const progress_state& held) {
  const auto configured = names_of(groups);
  std::multimap<std::pair<std::string, std::string>, const member_entry*> left;  // by identity and metric
  for (const auto& one : held.members) {
    const auto& [key, member] = one;
    if (!configured.contains(key.first) && has_published(member))
      left.emplace(std::pair(member.identity, key.second), &one);
  }
  std::map<member_key, error> renamed;
  for (const auto& group : groups) {
    for (const auto& member : group.members) {
      const auto& topic = member.options.topic;
      const auto form = name_of(member.options.key);
      if (held.members.contains(member.key) || !held.written.contains(topic)) continue;
      const auto [first, last] = left.equal_range({identity_of(group, member), member.metric()});
      const auto before =
          std::find_if(first, last, [&](const auto& one) { return is_kept_as(one.second->second, topic, form); });
      if (before != last) renamed.emplace(member.key, is_renamed(member.stream(), before->second->first.first, topic));
    }
  }
  return renamed;
}

parted_group part_changed(const request_group& group, const std::map<member_key, member_progress>& known,
                          const std::map<member_key, error>& renamed) {
  parted_group out{group, {}};
  out.going_on.members.clear();
  const auto stop = [&](const tracked_metric& member, error why) {
    auto alone = group;
    alone.members = {member};
    out.stopped.emplace_back(std::move(alone), std::move(why));
  };
  for (const auto& member : group.members) {
    const auto found = known.find(member.key);
    const auto anew = renamed.find(member.key);
    auto why = found == known.end() ? std::nullopt : contract_changed(group, member, found->second);
    if (anew != renamed.end()) why = anew->second;
    if (why) {
      stop(member, std::move(*why));
    } else {
      out.going_on.members.push_back(member);
    }
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

std::vector<std::pair<member_key, member_progress>> completed_members(const std::vector<request_group>& groups,
                                                                      const opening& o) {
  std::vector<std::pair<member_key, member_progress>> completed;
  for (const auto& group : groups) {
    for (const auto& member : group.members) {
      const auto found = o.known.find(member.key);
      if (found == o.known.end()) continue;
      auto whole = found->second;
      if (complete(whole, begin_member(group, member, o))) completed.emplace_back(member.key, std::move(whole));
    }
  }
  return completed;
}

}  // namespace oes
