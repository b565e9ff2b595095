#include "operate/progress_edit.hpp"

#include <algorithm>
#include <set>

#include "model/plan_limits.hpp"
#include "progress/member_text.hpp"

namespace oes {
namespace {

std::string streams_of(const member_map& members) {
  std::set<std::string> names;
  for (const auto& [key, member] : members) names.insert(key.first);
  std::string out;
  for (const auto& name : names) out += (out.empty() ? "" : ", ") + name;
  return out.empty() ? "none" : out;
}

std::vector<member_key> keys_of(const progress_state& state, const member_choice& chosen) {
  std::vector<member_key> keys;
  for (const auto& [key, member] : state.members) {
    if (chosen.takes(key)) keys.push_back(key);
  }
  return keys;
}

error nothing_chosen(const progress_state& state, const member_choice& chosen) {
  return refused_edit("no progress of " + chosen.stream + (chosen.metric.empty() ? "" : "/" + chosen.metric) +
                      "; streams with progress: " + streams_of(state.members));
}

std::string at_text(network_time t, network net) { return format(t, utc_offset(net)); }

std::string twice(std::int64_t labels) {
  return std::to_string(labels) +
         " covered interval(s) from there on are fetched and published again, with revision 0 and higher versions: "
         "readers of the topics see them twice";
}

std::string forget_line(const member_key& key, const member_progress& was, const member_progress* fresh) {
  const auto name = member_name(key);
  if (fresh == nullptr) return name + ": forgotten; the configuration does not name it, so nothing begins again";
  const auto again = was.labels.covered({fresh->start, network_time::max()});
  auto line = name + ": begins again at " + at_text(fresh->start, fresh->net) + " (it stood at " +
              at_text(was.position, was.net) + "); ";
  line += was.identity == fresh->identity ? twice(count_labels(again.ranges(), interval_of(was)))
                                          : "it is published as " + fresh->identity + " from there on";
  const auto before_start = was.labels.covered({network_time::min(), fresh->start});
  if (!before_start.empty()) line += "; what lies before is not fetched again";
  return line;
}

void cut_back(member_progress& member, network_time to) {
  member.labels.forget({to, network_time::max()});
  member.start = std::min(member.start, to);
  member.position = to;
  member.ledger_from = std::min(member.ledger_from, to);
}

// What is published again from there on is published as new, not as a revision.
void forget_rows_from(ledger_book& ledger, const member_key& key, network_time from) {
  const auto published = ledger.find(key);
  if (published == ledger.end()) return;
  auto& rows = published->second.rows;
  rows.erase(rows.lower_bound(from), rows.end());
}

std::string before_start(const member_key& key, const member_progress& was, network_time to) {
  const auto interval = interval_of(was);
  const auto widest = limits_of("ENTERPRISE").max_window(interval);  // of all plans
  const auto requests = (was.start - to + widest - std::chrono::seconds(1)) / widest;
  return "; and " + std::to_string(count_labels({{to, was.start}}, interval)) + " interval(s) before its start, " +
         at_text(was.start, was.net) + ", which were never read: " + std::to_string(requests) +
         " request(s) or more, and nothing newer of it comes before they are done; `backfill --stream " + key.first +
         " --from " + format(to) + " --to " + format(was.start) + "` fetches those beside it";
}

std::string seek_line(const member_key& key, const member_progress& was, network_time to) {
  const auto name = member_name(key) + ": ";
  const auto way = " from " + at_text(was.position, was.net) + " to " + at_text(to, was.net) + "; ";
  if (to > was.position) {
    return name + "goes forward" + way +
           "what lies between is fetched by nobody but a backfill: a gap with reason "
           "seek; revisions of what lies before are not followed any more";
  }
  const auto again = was.labels.covered({to, network_time::max()});
  const auto line = name + "goes back" + way + twice(count_labels(again.ranges(), interval_of(was)));
  return to < was.start ? line + before_start(key, was, to) : line;
}

bool any_published(const progress_state& state) {
  return std::any_of(state.members.begin(), state.members.end(), [](const auto& m) { return has_published(m.second); });
}

bool names_stream(const member_map& configured, const std::string& stream) {
  return std::any_of(configured.begin(), configured.end(), [&](const auto& m) { return m.first.first == stream; });
}

error has_its_own(const member_key& key, const member_progress& member) {
  return refused_edit("stream '" + key.first + "' has progress of its own (" + member_name(key) + " stands at " +
                      at_text(member.position, member.net) +
                      "): two streams cannot become one; `progress reset --stream " + key.first +
                      " --reason TEXT` forgets it, and what it has published stays in the topics");
}

error another_series(const std::string& from, const std::string& was, const std::string& to, const std::string& is) {
  return refused_edit("'" + from + "' was published as " + was + ", but '" + to + "' is configured as " + is +
                      ": it is another series, and begins by itself at its `start:`");
}

result<void> may_take_name(const progress_state& before, const std::string& from, const std::string& to,
                           const member_map& configured) {
  if (from == to) return refused_edit("both names are '" + from + "'");
  if (!names_stream(configured, to)) {
    return refused_edit("the configuration names no stream '" + to + "', only " + streams_of(configured) +
                        ": stop the daemon, rename it there, then run this again");
  }
  for (const auto& [key, member] : before.members) {
    if (key.first == to && has_published(member)) {
      return has_its_own(key, member);
    }
  }
  for (const auto& [key, member] : before.members) {
    const auto wanted = configured.find({to, key.second});
    if (key.first != from || wanted == configured.end()) continue;
    const auto& is = wanted->second;
    if (is.identity != member.identity) return another_series(from, member.identity, to, is.identity);
    if (!is_kept_as(member, member.topic, is.record_key)) {
      return another_series(from, "record.key: " + member.record_key, to, "record.key: " + is.record_key);
    }
  }
  return {};
}

}  // namespace

result<progress_edit> reset_members(const whole_progress& before, const member_choice& chosen,
                                    const member_map& configured) {
  const auto keys = keys_of(before.state, chosen);
  if (keys.empty()) return nothing_chosen(before.state, chosen);
  progress_edit plan{before, before, {}, true};
  for (const auto& key : keys) {
    const auto fresh = configured.find(key);
    const bool again = fresh != configured.end();
    plan.says.push_back(forget_line(key, before.state.members.at(key), again ? &fresh->second : nullptr));
    plan.after.state.members.erase(key);
    plan.after.ledger.erase(key);
    if (again) plan.after.state.members[key] = fresh->second;
  }
  return plan;
}

result<progress_edit> seek_members(const whole_progress& before, const member_choice& chosen, const std::string& to,
                                   utc_time now) {
  const auto keys = keys_of(before.state, chosen);
  if (keys.empty()) return nothing_chosen(before.state, chosen);
  progress_edit plan{before, before, {}, true};
  bool moved = false;
  for (const auto& key : keys) {
    auto& member = plan.after.state.members.at(key);
    const auto asked = read_typed_time(to, member.net);
    if (!asked) {
      return refused_edit("--to " + to +
                          " is no time: 2026-11-23, 2026-11-23T10:00:00 (the network's own clock), or with an "
                          "offset");
    }
    const auto target = bucket_floor(*asked, interval_of(member));
    if (target > to_network_time(now, member.net)) return refused_edit("--to " + to + " lies ahead of now");
    if (target == member.position) {
      plan.says.push_back(member_name(key) + ": stands there already");
      continue;
    }
    moved = true;
    plan.says.push_back(seek_line(key, member, target));
    if (target < member.position) {
      cut_back(member, target);
      forget_rows_from(plan.after.ledger, key, target);
    } else {
      member.labels.add_gap({{member.position, target}, std::string(passed_by_operator), now});
      member.position = target;
      forget_ledger_of(plan.after, key);
    }
  }
  if (!moved) return refused_edit("nothing to do: " + chosen.stream + " stands at " + to + " already");
  return plan;
}

result<progress_edit> rename_stream(const whole_progress& before, const std::string& from, const std::string& to,
                                    const member_map& configured) {
  const auto keys = keys_of(before.state, {from, ""});
  if (keys.empty()) return nothing_chosen(before.state, {from, ""});
  const auto allowed = may_take_name(before.state, from, to, configured);
  if (!allowed) return allowed.error();
  progress_edit plan{before, before, {}, false};
  for (const auto& key : keys) {
    auto moving = plan.after.state.members.extract(key);
    const member_key renamed{to, key.second};
    plan.says.push_back(member_name(key) + " becomes " + member_name(renamed) + ", which goes on at " +
                        at_text(moving.mapped().position, moving.mapped().net));
    auto& member = plan.after.state.members[renamed] = std::move(moving.mapped());
    const auto wanted = configured.find(renamed);
    if (wanted != configured.end() && !member.topic.empty() && member.topic != wanted->second.topic) {
      plan.says.push_back(member_name(renamed) + ": records from now on go into topic " + wanted->second.topic +
                          "; those before stay in " + member.topic + ", and corrections of them go into the new one");
      plan.must_confirm = true;
      member.topic = wanted->second.topic;
    }
    plan.after.ledger.erase(renamed);
    const auto published = before.ledger.find(key);
    if (published != before.ledger.end()) plan.after.ledger[renamed] = published->second;
    plan.after.ledger.erase(key);
  }
  plan.says.emplace_back("records from now on name stream " + to + "; nothing is repeated or left out");
  if (names_stream(configured, from)) {
    plan.says.push_back("the configuration still names " + from +
                        ": it begins again at its `start:`, and what it published from there on is published twice");
    plan.must_confirm = true;
  }
  return plan;
}

result<progress_edit> import_progress(const whole_progress& before, const whole_progress& imported,
                                      existing_progress existing) {
  const bool replaces = any_published(before.state);
  if (replaces && existing == existing_progress::refuse) {
    return refused_edit(
        "this deployment has progress already, at sequence " + std::to_string(before.state.sequence) + " with " +
        streams_of(before.state.members) +
        "; --replace puts the imported one in its place: what is covered here but not there is published "
        "again, what is covered there but not here is not fetched");
  }
  progress_edit plan{before, before, {}, true};
  plan.before.state.sequence = std::max(before.state.sequence, imported.state.sequence);
  plan.after.state.sequence = plan.before.state.sequence;
  plan.after.state.last_version = std::max(before.state.last_version, imported.state.last_version);
  plan.after.state.members = imported.state.members;
  for (auto& [key, member] : plan.after.state.members) {
    // Another deployment's, as a rule: what is configured here is where it goes on.
    member.topic.clear();
    member.record_key.clear();
  }
  plan.after.ledger = imported.ledger;
  for (const auto& [key, member] : imported.state.members) {
    plan.says.push_back(member_name(key) + ": goes on at " + at_text(member.position, member.net) + "; " +
                        std::to_string(count_covered(member)) +
                        " covered interval(s) are not fetched here: if these data topics lack them, they stay missing");
    const auto here = before.state.members.find(key);
    if (here == before.state.members.end()) continue;
    const auto again = ranges_beyond(here->second.labels.covered(), member.labels.covered());
    if (!again.empty()) plan.says.push_back(member_name(key) + ": published twice: " + ranges_text(again, member.net));
  }
  for (const auto& [key, member] : before.state.members) {
    if (has_published(member) && !imported.state.members.contains(key)) {
      plan.says.push_back(member_name(key) + ": not in the import, forgotten");
    }
  }
  return plan;
}

void forget_ledger_of(whole_progress& progress, const member_key& key) {
  auto& member = progress.state.members.at(key);
  member.ledger_from = member.position;
  const auto published = progress.ledger.find(key);
  if (published != progress.ledger.end()) published->second.rows.clear();
}

void add_new_members(progress_edit& plan, const member_map& configured) {
  for (const auto& [key, member] : configured) {
    const auto [known, is_new] = plan.after.state.members.emplace(key, member);
    if (!is_new) complete(known->second, member);
  }
}

}  // namespace oes
