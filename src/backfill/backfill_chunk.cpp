#include "backfill/backfill_chunk.hpp"

#include <algorithm>
#include <utility>

#include "backfill/backfill_steps.hpp"
#include "schedule/window_planner.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

std::vector<std::string> metrics_of(const backfill_chunk& chunk) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < chunk.work.members.size(); ++i) {
    if (wanted_in(chunk.work.wanted[i], chunk.window).empty()) continue;
    for (const auto& metric : chunk.group.members[chunk.work.members[i]].metrics) {
      if (std::find(out.begin(), out.end(), metric) == out.end()) out.push_back(metric);
    }
  }
  return out;
}

// One label less, where the request would be longer than it may be; alone it goes without.
void leave_room_for_label_behind(backfill_chunk& chunk, std::chrono::seconds longest) {
  const auto interval = chunk.group.identity.interval;
  const auto fits = [&] { return bucket_add(chunk.window.end, interval, 1) - chunk.window.begin <= longest; };
  const bool is_alone = bucket_add(chunk.window.begin, interval, 1) >= chunk.window.end;
  if (!fits() && !is_alone) chunk.window.end = bucket_add(chunk.window.end, interval, -1);
  if (fits()) chunk.asked_until = bucket_add(chunk.window.end, interval, 1);
}

}  // namespace

std::vector<ledger> nothing_published(const backfill_chunk& chunk) {
  std::vector<ledger> out;
  for (std::size_t i = 0; i < chunk.work.members.size(); ++i) out.emplace_back(chunk.group.identity.interval);
  return out;
}

asio::awaitable<result<void>> fit_window(backfill_chunk& chunk, const poll_context& by, reader& read,
                                         std::optional<std::chrono::seconds> smaller) {
  const auto longest = co_await read.longest_window(chunk.group, chunk.window.begin);
  if (!longest) co_return longest.error();
  if (*longest) {
    const auto end = longest_end(chunk.window.begin, chunk.group.identity.interval, **longest);
    chunk.window.end = std::min(chunk.window.end, end);
  }
  chunk.asked_until = chunk.window.end;
  const auto edge = edge_of(chunk, by);
  if (wants_label_behind(chunk.group, chunk.window, edge.now, edge.hole_after)) {
    const std::chrono::seconds allowed = by.limits.max_window(chunk.group.identity.interval);
    leave_room_for_label_behind(chunk, std::min(allowed, smaller.value_or(allowed)));
  }
  co_return result<void>();
}

young_edge edge_of(const backfill_chunk& chunk, const poll_context& by) {
  const auto now = to_network_time(by.clock.now(), chunk.group.identity.net);
  return {chunk.asked_until, now, by.schedule.hole_after};
}

asio::awaitable<window_read> read_chunk(const backfill_chunk& chunk, spend_on purpose, unusable_answer unusable,
                                        const poll_context& by, reader& read) {
  wanted_window wanted{metrics_of(chunk), {chunk.window.begin, chunk.asked_until}, purpose, unusable};
  by.work.begins(background_coroutine, {work_of(chunk.group, chunk.window, work_place::background)});
  auto done = co_await read.read(chunk.group, std::move(wanted));
  co_return std::move(done);
}

asio::awaitable<result<std::size_t>> publish_chunk(const backfill_chunk& chunk, const time_series_answer& answer,
                                                   std::vector<member_step> steps, const poll_context& by,
                                                   writer& write) {
  std::vector<member_published> published;
  std::vector<member_compared> compared;
  std::size_t records = 0;
  for (const auto& step : steps) {
    const auto& chosen = step.records.chosen;
    published.push_back({step.member, chosen.chosen, chosen.revised});
    compared.push_back({step.member, chosen.unchanged, chosen.nulls});
    records += chosen.chosen;
  }
  group_state stands;
  for (const auto& member : chunk.group.members)
    stands.members.push_back(write.committer.state().members.at(member.key));
  const auto hand = work_of(chunk.group, chunk.window, work_place::background);
  auto delivered = co_await commit_in_chunks(chunk.group, stands, write, answer, hand, std::move(steps));
  if (!delivered) co_return delivered.error();
  by.work.succeeded(hand);
  by.report.compared(chunk.group, compared);
  by.report.backfilled(chunk.group, published, chunk.window);
  co_return records;
}

}  // namespace oes
