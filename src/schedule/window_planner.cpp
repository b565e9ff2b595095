#include "schedule/window_planner.hpp"

#include <algorithm>

namespace oes {
namespace {

std::optional<time_window> plan_native(const window_question& q) {
  const auto completed = bucket_floor(q.now, q.interval);
  if (q.edge == edge_policy::provisional) {
    const auto ahead = bucket_add(completed, q.interval, 1);
    if (q.from >= ahead) return std::nullopt;
    return time_window{q.from, std::min(ahead, longest_end(q.from, q.interval, q.max_window))};
  }
  if (q.from >= completed) return std::nullopt;
  if (q.held_back_longer)
    return time_window{q.from, std::min(completed, longest_end(q.from, q.interval, q.max_window))};
  if (completed - q.from <= q.max_window) return time_window{q.from, std::nullopt};
  return time_window{q.from, longest_end(q.from, q.interval, q.max_window)};
}

}  // namespace

network_time longest_end(network_time start, interval_size interval, std::chrono::seconds max) {
  const auto first = bucket_add(start, interval, 1);
  auto end = bucket_floor(start + max, interval);
  const auto length = [&] {
    const auto data = data_of(start, end, interval);
    return data.end - data.start;
  };
  while (end > first && length() > max) end = bucket_add(end, interval, -1);
  return std::max(first, end);
}

std::optional<time_window> plan_window(const window_question& q) {
  if (q.interval == interval_size::m5) return plan_native(q);
  const auto closed = first_open(q.now - q.fills, q.interval);
  if (q.from >= closed) return std::nullopt;
  return time_window{q.from, std::min(closed, longest_end(q.from, q.interval, q.max_window))};
}

std::chrono::seconds settles_after(std::chrono::seconds hole_after) {
  return std::max<std::chrono::seconds>(hole_after, latest_at_edge);
}

bool follows_in_time(interval_size interval) {
  return interval != interval_size::season && interval != interval_size::fy;
}

bool wants_proof(const window_question& q, const time_window& window) {
  const bool is_provable = q.interval != interval_size::m5 && follows_in_time(q.interval) && window.end;
  return is_provable && *window.end > std::max(q.news_from, first_open(q.now - q.settles, q.interval));
}

time_window with_proof(const window_question& q, const time_window& window, std::chrono::seconds longest) {
  if (!wants_proof(q, window)) return window;
  const auto further = bucket_add(*window.end, q.interval, 1);
  return further - window.start > longest ? window : time_window{window.start, further};
}

std::chrono::seconds fill_time(network net) {
  // NEM rows of all kinds are in within half an hour; WEM market rows move with a two-hourly catch-up.
  return net == network::nem ? std::chrono::minutes(30) : std::chrono::minutes(150);
}

network_time oldest_in_history(interval_size interval, network_time now, std::chrono::days history) {
  const auto oldest = now - history + std::chrono::hours(12);
  auto begun = first_open(oldest, interval);
  // A season may hold months of before its label.
  while (data_of(begun, bucket_add(begun, interval, 1), interval).start < oldest) {
    begun = bucket_add(begun, interval, 1);
  }
  return begun;
}

network_time resolve_start(const stream_start& start, interval_size interval, network_time now,
                           std::optional<std::chrono::days> history) {
  network_time from = now;
  if (const auto* at = std::get_if<network_time>(&start)) from = *at;
  if (const auto* back = std::get_if<std::chrono::seconds>(&start)) from = now - *back;
  const auto begun = first_open(from, interval);
  return history ? std::max(begun, oldest_in_history(interval, now, *history)) : begun;
}

}  // namespace oes
