#include "backfill/gap_retry.hpp"

#include <algorithm>
#include <deque>
#include <utility>

#include "backfill/backfill_steps.hpp"
#include "groups/member_contract.hpp"
#include "model/fault_point.hpp"
#include "reader/release_heap.hpp"
#include "schedule/backfill_windows.hpp"
#include "schedule/trigger.hpp"
#include "schedule/window_planner.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

constexpr auto after_repairs = std::chrono::hours(16);  // 02:00 AEST, in UTC
constexpr auto longest_scatter = std::chrono::minutes(30);

// What has come whole is published; what has not is a gap as before.
asio::awaitable<std::vector<member_step>> steps_of_news(const backfill_chunk& chunk, const time_series_answer& answer,
                                                        const std::vector<ledger>& known, gap_context& context) {
  auto planning = backfill_steps(chunk.group, chunk.work, chunk.window, backfill_mode::fill, answer, known,
                                 edge_of(chunk, context.by), context.write.loop);
  auto steps = co_await std::move(planning);
  std::erase_if(steps, [](const member_step& step) { return step.advance.publish.empty(); });
  for (auto& step : steps) {
    step.advance.holes.clear();
    step.records.options.backfill = false;
  }
  co_return steps;
}

// What is news of the chunk's window, compared with what was published; of a part of the window where memory holds no
// more than that. Gives where it ended.
asio::awaitable<result<network_time>> publish_news(backfill_chunk part, const time_series_answer& answer,
                                                   recollection& past, gap_context& context) {
  if (!past.serves(part)) {
    auto recalling = past.read(part, context.recall);
    const auto recalled = co_await std::move(recalling);
    if (!recalled) co_return recalled.error();
  }
  if (!past.holds(part)) part.window.end = past.until();
  const auto known = past.known(part);
  auto planning = steps_of_news(part, answer, known, context);
  auto steps = co_await std::move(planning);
  if (steps.empty()) co_return part.window.end;
  fault_point("gap-retry.planned");
  auto published = co_await publish_chunk(part, answer, std::move(steps), context.by, context.write);
  if (!published) co_return published.error();
  co_return part.window.end;
}

// Something may have been published of a gap, points without a value for one, and nothing but the data topics tells:
// what the stream publishes today does not say what it did then. They are read only where there is news.
asio::awaitable<result<void>> ask_again(const backfill_chunk& chunk, recollection& past, gap_context& context) {
  fault_point("gap-retry.before-fetch");
  auto read = co_await read_chunk(chunk, spend_on::gaps, unusable_answer::dropped, context.by, context.read);
  const auto& answer = read.answer;
  if (!answer) co_return answer.error();
  const auto nothing = nothing_published(chunk);
  auto looking = steps_of_news(chunk, answer->answer, nothing, context);
  const auto news = co_await std::move(looking);
  if (news.empty()) co_return result<void>();
  result<void> done;
  auto part = chunk;
  while (done && !part.window.empty()) {
    auto published = co_await publish_news(part, answer->answer, past, context);
    if (published) {
      part.window.begin = *published;
    } else {
      done = published.error();
    }
  }
  release_heap(answer->bytes);
  co_return done;
}

asio::awaitable<result<void>> give_up(const request_group& group, gap_pass& pass, writer& write) {
  if (pass.given_up.empty()) co_return result<void>();
  std::size_t count = 0;
  for (const auto& [key, patch] : pass.given_up) count += patch.gaps.size();
  submission work;
  work.changes = std::move(pass.given_up);
  auto committed = co_await write.committer.commit(std::move(work));
  if (committed) {
    write.report.log().warn("gaps are too old to be asked for again",
                            {{"stream", stream_names(group)}, {"gaps", count}});
  }
  co_return committed;
}

range_set wanted_by_any(const group_backfill& work, time_range window) {
  range_set out;
  for (const auto& wanted : work.wanted) {
    const auto inside = wanted_in(wanted, window);
    for (const auto& range : inside.ranges()) out.add(range);
  }
  return out;
}

// The gaps of a window in two halves, so that one that cannot be read does not hold up the others; a gap alone is
// halved itself. None where one interval is left.
std::vector<time_range> halves(const group_backfill& work, time_range window, interval_size interval) {
  const auto gaps = wanted_by_any(work, window);
  const auto& ranges = gaps.ranges();
  if (ranges.size() > 1) {
    const auto middle = ranges.size() / 2;
    return {{ranges.front().begin, ranges[middle - 1].end}, {ranges[middle].begin, ranges.back().end}};
  }
  if (ranges.empty()) return {};
  const auto& alone = ranges.front();
  const auto middle = bucket_floor(alone.begin + (alone.end - alone.begin) / 2, interval);
  if (middle <= alone.begin) return {};
  return {{alone.begin, middle}, {middle, alone.end}};
}

// Windows that cannot be read wait for the others of a pass; so many of them are enough for one.
constexpr int most_failures = 12;

// Trouble that the next window would meet too, or that asks for patience: the rest waits for the next pass.
bool ends_pass(const error& why) { return why.code != errc::not_yet && !shrinks_window(why); }

// Nothing that is found could be published: no credit is spent on it.
bool is_apart(const request_group& group, const committer& to) {
  return std::any_of(group.members.begin(), group.members.end(),
                     [&](const tracked_metric& member) { return why_apart(group, member, to.apart()) != nullptr; });
}

// Which of them a pass begins with: where credits do not suffice for all, the same ones would be left each time.
std::size_t whose_turn(std::size_t all, const poll_context& by) {
  if (!by.budget.credits.per_day()) return 0;
  return static_cast<std::size_t>(static_cast<double>(all) * by.uniform());
}

asio::awaitable<result<void>> retry_group(const request_group& group, std::size_t index, gap_context& context) {
  const auto& by = context.by;
  auto& write = context.write;
  if (is_apart(group, write.committer)) co_return result<void>();
  // By a plan that is only assumed none is given up either.
  auto limits = by.limits;
  limits.history = by.budget.credits.certain_history(limits);
  auto pass = plan_gap_pass(group, index, write.committer.state().members, limits, by.schedule, by.clock.now());
  // By a clock that is known to be wrong nothing is given up for good.
  if (by.clock.read().standing == clock_standing::refused) pass.given_up.clear();
  auto given_up = co_await give_up(group, pass, write);
  if (!given_up) co_return given_up;
  if (pass.work.windows.empty()) co_return result<void>();
  by.report.log().info("gaps are asked for again",
                       {{"stream", stream_names(group)}, {"requests", pass.work.windows.size()}});
  recollection past;
  int failures = 0;
  std::deque<time_range> windows(pass.work.windows.begin(), pass.work.windows.end());
  std::rotate(windows.begin(), windows.begin() + static_cast<std::ptrdiff_t>(whose_turn(windows.size(), by)),
              windows.end());
  while (!windows.empty()) {
    if (by.tap.is_set() || !context.goes_on()) co_return result<void>();
    backfill_chunk chunk{group, pass.work, windows.front()};
    auto done = co_await fit_window(chunk, by, context.read);
    if (done) {
      auto asked = co_await ask_again(chunk, past, context);
      done = asked;
    }
    windows.front().begin = chunk.window.end;
    if (windows.front().empty()) windows.pop_front();
    if (done) continue;
    const auto& why = done.error();
    if (ends_pass(why)) co_return done;
    if (why.code == errc::not_yet) continue;
    if (++failures == most_failures) co_return done;
    const auto smaller = halves(pass.work, chunk.window, group.identity.interval);
    windows.insert(windows.end(), smaller.begin(), smaller.end());
  }
  co_return result<void>();
}

}  // namespace

gap_pass plan_gap_pass(const request_group& group, std::size_t index,
                       const std::map<member_key, member_progress>& members, const plan_limits& limits,
                       const schedule_settings& settings, utc_time now) {
  const auto here = to_network_time(now, group.identity.net);
  auto young_from = bucket_floor(here - settings.gap_give_up, group.identity.interval);
  if (limits.history) {
    const auto in_a_day = here + std::chrono::days(1);  // a pass may take its time
    young_from = std::max(young_from, oldest_in_history(group.identity.interval, in_a_day, *limits.history));
  }
  gap_pass pass;
  pass.work.group = index;
  range_set together;
  for (std::size_t i = 0; i < group.members.size(); ++i) {
    const auto known = members.find(group.members[i].key);
    if (known == members.end() || contract_changed(group, group.members[i], known->second)) continue;
    const auto& stands = known->second;
    range_set wanted;
    member_patch too_old;
    for (const auto& hole : stands.labels.open_gaps()) {
      // Of a long gap each part has its own age.
      const time_range old{hole.range.begin, std::min(hole.range.end, young_from)};
      if (!old.empty()) {
        too_old.closed.add(old);
        too_old.gaps.push_back({old, hole.reason, hole.found_at, now});
      }
      const auto begin = std::max(hole.range.begin, young_from);
      wanted.add({begin, std::min({hole.range.end, stands.ledger_from, stands.position})});
    }
    if (!too_old.gaps.empty()) pass.given_up.emplace_back(group.members[i].key, std::move(too_old));
    if (wanted.empty()) continue;
    for (const auto& range : wanted.ranges()) together.add(range);
    pass.work.members.push_back(i);
    pass.work.wanted.push_back(std::move(wanted));
  }
  std::chrono::seconds cap = limits.max_window(group.identity.interval);
  if (group.batch_size) cap = std::min(cap, *group.batch_size);
  pass.work.windows = backfill_windows(together, group.identity.interval, cap);
  return pass;
}

utc_time next_gap_pass(utc_time now, const schedule_settings& settings, double scatter) {
  const auto every = settings.gap_retry;
  const auto jitter = std::min<std::chrono::seconds>(longest_scatter, every / 8);
  return next_trigger(now, {every, after_repairs, jitter}, scatter);
}

asio::awaitable<void> retry_gaps(gap_context& context) {
  const auto& by = context.by;
  const auto first = whose_turn(context.groups.size(), by);
  for (std::size_t turn = 0; turn < context.groups.size(); ++turn) {
    if (by.tap.is_set() || !context.goes_on()) break;
    const auto i = (first + turn) % context.groups.size();
    const auto done = co_await retry_group(context.groups[i], i, context);
    if (done) continue;
    const auto& why = done.error();
    if (why.code == errc::stopped) break;
    if (why.code == errc::fenced) {
      by.tap.set();
      break;
    }
    by.report.log().info(
        "gaps are asked for again later",
        {{"stream", stream_names(context.groups[i])}, {"outcome", name(why.code)}, {"reason", why.context}});
  }
}

}  // namespace oes
