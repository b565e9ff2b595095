#include "backfill/backfill_plan.hpp"

#include <algorithm>

#include "facilities/facility_batches.hpp"
#include "groups/member_contract.hpp"
#include "progress/member_text.hpp"
#include "schedule/backfill_windows.hpp"

namespace oes {
namespace {

error refuse(std::string context) { return {errc::refused, std::move(context)}; }

network_time bucket_ceil(network_time t, interval_size interval) {
  const auto floor = bucket_floor(t, interval);
  return floor == t ? t : bucket_add(floor, interval, 1);
}

result<time_range> range_of(const backfill_order& order, const group_identity& id) {
  const auto from = read_typed_time(order.from, id.net);
  const auto to = read_typed_time(order.to, id.net);
  if (!from || !to) {
    return refuse((from ? "--to " + order.to : "--from " + order.from) +
                  " is no time: 2026-11-23, 2026-11-23T10:00:00 (the network's own clock), or with an offset");
  }
  if (*from >= *to) return refuse("--from " + order.from + " is not before --to " + order.to);
  return time_range{bucket_floor(*from, id.interval), bucket_ceil(*to, id.interval)};
}

std::string names_of(const std::vector<request_group>& groups, const std::string& stream) {
  std::string out;
  for (const auto& group : groups) {
    for (const auto& member : group.members) {
      if (!stream.empty() && member.stream() != stream) continue;
      const auto& name = stream.empty() ? member.stream() : member.metric();
      const auto padded = ", " + out + ", ";
      if (padded.find(", " + name + ", ") == std::string::npos) out += (out.empty() ? "" : ", ") + name;
    }
  }
  return out;
}

error nothing_chosen(const backfill_question& q) {
  const auto metrics = names_of(q.groups, q.order.stream);
  if (metrics.empty()) {
    return refuse("the configuration names no stream '" + q.order.stream + "', only " + names_of(q.groups, ""));
  }
  return refuse("stream '" + q.order.stream + "' has no metric '" + q.order.metric + "', only " + metrics);
}

error never_paid(std::size_t together, std::int64_t share) {
  return refuse("a window takes " + std::to_string(together) +
                " requests, which go together, and a day's share of credits is " + std::to_string(share) +
                ": a larger budget.share or another plan gives more, a stream of fewer facilities takes less");
}

// What is left out, counted over the members that an order names.
struct left_out_parts {
  std::optional<network_time> history;       ///< where the plan's history begins
  std::optional<network_time> assumed;       ///< likewise, where nobody knows yet whether the plan is the key's
  std::map<network_time, std::string> live;  ///< where the live stream begins → metrics
  std::int64_t covered = 0;
  std::int64_t empty = 0;
  std::int64_t again = 0;
};

std::vector<time_range> inside(const range_set& set, time_range within) {
  std::vector<time_range> out;
  for (const auto& range : set.ranges()) {
    const time_range part{std::max(range.begin, within.begin), std::min(range.end, within.end)};
    if (!part.empty()) out.push_back(part);
  }
  return out;
}

bool is_under_way(const member_progress& member, const backfill_order& order, time_range asked) {
  const bool republish = order.mode == backfill_mode::republish;
  return member.refresh && member.refresh->asked == asked && member.refresh->republish == republish;
}

class planner {
 public:
  planner(const backfill_question& q, time_range asked) : q_(q), asked_(asked) { out_.asked = asked; }

  void take(std::size_t group_index) {
    const auto& group = q_.groups[group_index];
    group_backfill work;
    work.group = group_index;
    range_set together;
    for (std::size_t i = 0; i < group.members.size(); ++i) {
      const auto& member = group.members[i];
      if (member.stream() != q_.order.stream) continue;
      if (!q_.order.metric.empty() && member.metric() != q_.order.metric) continue;
      const auto known = q_.members.find(member.key);
      if (known == q_.members.end()) continue;
      if (auto why = contract_changed(group, member, known->second)) changed_ = refuse(why->context);
      out_.chosen.push_back(member.key);
      const auto allowed = allowed_for(member, known->second);
      auto wanted = within_history(group, wanted_of(member.key, known->second, allowed, group.identity.interval));
      if (wanted.empty()) continue;
      if (q_.order.mode != backfill_mode::fill && !is_under_way(known->second, q_.order, asked_)) {
        out_.unmarked.push_back(member.key);
      }
      for (const auto& range : wanted.ranges()) together.add(range);
      work.members.push_back(i);
      work.wanted.push_back(std::move(wanted));
    }
    std::chrono::seconds cap = q_.limits.max_window(group.identity.interval);
    if (group.batch_size) cap = std::min(cap, *group.batch_size);
    if (q_.smaller) cap = std::min(cap, *q_.smaller);
    const auto* list = q_.facilities != nullptr && asked_in_batches(group.identity) ? q_.facilities->list() : nullptr;
    if (list != nullptr && !together.empty()) {
      cap = std::min(cap, window_for_batches(group.identity, metrics_in(group), *list, together.ranges().front().begin,
                                             q_.facilities->most_bytes()));
    }
    work.windows = backfill_windows(together, group.identity.interval, cap);
    for (const auto& window : work.windows) {
      work.requests.push_back(list != nullptr ? batches_of(group.identity, *list, window.begin).size() : 1);
      most_together_ = std::max(most_together_, work.requests.back());
    }
    if (!work.windows.empty()) out_.groups.push_back(std::move(work));
  }

  result<backfill_plan> finish(const group_identity& id) {
    if (changed_) return *changed_;
    if (q_.share && static_cast<std::int64_t>(most_together_) > *q_.share) return never_paid(most_together_, *q_.share);
    const auto offset = utc_offset(id.net);
    if (parts_.history) {
      out_.out_of_reach = "before " + format(*parts_.history, offset) + ": the plan (" + std::string(q_.limits.plan) +
                          ") reaches back " + std::to_string(q_.limits.history->count()) +
                          " days, a day of which is kept as a margin";
      out_.left_out.push_back(out_.out_of_reach);
    }
    if (parts_.assumed) {
      out_.waits_for_plan = true;
      out_.left_out.push_back("before " + format(*parts_.assumed, offset) +
                              ": only where the key's plan reaches back so far, which is not known yet; the backfill "
                              "waits until it is");
    }
    count_line(parts_.covered, "published already");
    count_line(parts_.empty, "known to have no data; --refresh asks for them again");
    count_line(parts_.again, "done already, of the same command before");
    for (const auto& [from, metrics] : parts_.live) {
      out_.left_out.push_back("from " + format(from, offset) + " on" +
                              (parts_.live.size() > 1 ? " (" + metrics + ")" : "") +
                              ": the live stream reads and follows that itself");
    }
    return std::move(out_);
  }

 private:
  time_range allowed_for(const tracked_metric& member, const member_progress& stands) {
    auto allowed = asked_;
    // From `ledger_from` on the live stream has read everything and goes on reading it again.
    auto live = followed_from(stands);
    const auto as_it_began = q_.ends.find(member.key);
    if (as_it_began != q_.ends.end()) live = std::min(live, as_it_began->second);
    if (allowed.end > live) {
      auto& metrics = parts_.live[live];
      metrics += (metrics.empty() ? "" : ", ") + member.metric();
      allowed.end = live;
    }
    return allowed;
  }

  // A plan that is only assumed keeps nobody from anything.
  range_set within_history(const request_group& group, range_set wanted) {
    if (!q_.limits.history || wanted.empty()) return wanted;
    const auto oldest =
        bucket_ceil(to_network_time(q_.now, group.identity.net) - *q_.limits.history + std::chrono::days(1),
                    group.identity.interval);
    if (wanted.ranges().front().begin >= oldest) return wanted;
    if (!q_.plan_is_certain) {
      parts_.assumed = oldest;
      return wanted;
    }
    parts_.history = oldest;
    return wanted_in(wanted, {oldest, asked_.end});
  }

  range_set wanted_of(const member_key& key, const member_progress& stands, time_range allowed,
                      interval_size interval) {
    range_set wanted;
    if (allowed.empty()) return wanted;
    range_set except;
    if (q_.order.mode == backfill_mode::fill) {
      except = stands.labels.covered(allowed);
      parts_.covered += count_labels(except.ranges(), interval);
      auto empty = stands.labels.silent(allowed);
      for (const auto& hole : stands.labels.gaps(allowed)) {
        if (hole.reason == "no_data") empty.add(hole.range);
      }
      parts_.empty += count_labels(inside(empty, allowed), interval);
      for (const auto& range : empty.ranges()) except.add(range);
    } else if (is_under_way(stands, q_.order, asked_)) {
      except = stands.refresh->done;
      parts_.again += count_labels(inside(except, allowed), interval);
    }
    const auto given_up = q_.given_up.find(key);
    if (given_up != q_.given_up.end()) {
      for (const auto& range : given_up->second.ranges()) except.add(range);
    }
    for (const auto& range : except.missing(allowed)) wanted.add(range);
    return wanted;
  }

  void count_line(std::int64_t labels, const std::string& why) {
    if (labels > 0) out_.left_out.push_back(std::to_string(labels) + " interval(s) over all metrics: " + why);
  }

  const backfill_question& q_;
  time_range asked_;
  backfill_plan out_;
  left_out_parts parts_;
  std::optional<error> changed_;
  std::size_t most_together_ = 0;  ///< requests of a window
};

}  // namespace

range_set wanted_in(const range_set& wanted, time_range window) {
  range_set out;
  for (const auto& range : wanted.ranges()) {
    out.add({std::max(range.begin, window.begin), std::min(range.end, window.end)});
  }
  return out;
}

network_time followed_from(const member_progress& member) { return std::min(member.ledger_from, member.position); }

std::size_t backfill_plan::chunks() const {
  std::size_t sum = 0;
  for (const auto& group : groups) sum += group.windows.size();
  return sum;
}

std::size_t backfill_plan::requests() const {
  std::size_t sum = 0;
  for (const auto requests : requests_by_window()) sum += requests;
  return sum;
}

std::vector<std::size_t> backfill_plan::requests_by_window() const {
  std::vector<std::size_t> out;
  for (const auto& group : groups) out.insert(out.end(), group.requests.begin(), group.requests.end());
  return out;
}

result<backfill_plan> plan_backfill(const backfill_question& q) {
  const auto first = std::find_if(q.groups.begin(), q.groups.end(), [&](const request_group& group) {
    return std::any_of(group.members.begin(), group.members.end(), [&](const tracked_metric& member) {
      return member.stream() == q.order.stream && (q.order.metric.empty() || member.metric() == q.order.metric);
    });
  });
  if (first == q.groups.end()) return nothing_chosen(q);
  const auto asked = range_of(q.order, first->identity);
  if (!asked) return asked.error();
  planner plan(q, *asked);
  for (std::size_t i = 0; i < q.groups.size(); ++i) plan.take(i);
  return plan.finish(first->identity);
}

}  // namespace oes
