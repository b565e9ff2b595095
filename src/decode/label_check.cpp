#include "decode/label_check.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "model/fault_point.hpp"

namespace oes {
namespace {

constexpr auto native_step = std::chrono::minutes(5);

// What becomes of a label: none, it is taken.
struct verdict {
  bool taken = true;
  std::optional<label_fault> fault = {};  ///< none with `taken` false: left out, as was to be expected
};

bool on_grid(network_time label, interval_size size) {
  // Longer ones are labelled as the API pleases (api.md §4).
  const bool known = fixed_step(size) || size == interval_size::mo1;
  return !known || bucket_floor(label, size) == label;
}

data_span data_at(network_time label, interval_size size) { return data_of(label, bucket_add(label, size, 1), size); }

// NEM names a period of five minutes by its end; AU mixes both.
network_time data_end(network_time label, const group_identity& id) {
  if (id.interval == interval_size::m5) return id.net == network::wem ? label + native_step : label;
  return data_at(label, id.interval).end;
}

network_time one_interval_after(network_time now, interval_size size) {
  const auto open = bucket_floor(now, size);
  return now + (bucket_add(open, size, 1) - open);
}

bool is_outside(network_time label, const time_window& window) {
  return label < window.start || (window.end && label >= *window.end);
}

// A request for a summer names its whole year, whose other seasons come along, and a part of the next summer.
bool is_brought_along(network_time label, const label_question& q) {
  if (q.identity.interval != interval_size::season || !q.window.end || !is_outside(label, q.window)) return false;
  const auto asked = data_of(q.window.start, *q.window.end, q.identity.interval);
  const auto has = data_at(label, q.identity.interval);
  return has.start < asked.end && asked.start < has.end;
}

verdict judge(network_time label, const label_question& q) {
  if (!on_grid(label, q.identity.interval)) return {false, label_fault::off_grid};
  if (is_brought_along(label, q)) return {false, std::nullopt};
  if (label < q.window.start) return {false, label_fault::before_window};
  if (data_end(label, q.identity) > one_interval_after(q.now, q.identity.interval)) return {false, label_fault::ahead};
  if (is_outside(label, q.window)) return {false, label_fault::after_window};
  return {};
}

// A live query asks for no more than can be there: what it brings beyond is no answer to it.
bool is_doubted(label_fault fault, network_time label, const time_window& window) {
  return fault == label_fault::ahead && window.end && !is_outside(label, window);
}

error contract_changed(const std::vector<metric_skipped>& skipped, std::size_t wrong, std::size_t all,
                       const label_question& q) {
  std::string why;
  for (const auto& one : skipped) {
    for (const auto fault : label_faults) {
      if (one.skipped.of(fault) == 0 || fault == label_fault::conflicting) continue;
      why += (why.empty() ? "" : ", ") + std::to_string(one.skipped.of(fault)) + " " + std::string(name(fault)) +
             " of " + one.metric + " (" + format(one.skipped.example_of(fault), utc_offset(q.identity.net)) + ")";
    }
  }
  return {errc::unexpected_labels, "most of the answer cannot be true, in " + std::to_string(wrong) + " of " +
                                       std::to_string(all) + " series: " + why +
                                       "; the API's contract has changed, or a clock is wrong"};
}

}  // namespace

std::string_view name(label_fault fault) {
  switch (fault) {
    case label_fault::before_window:
      return "before_window";
    case label_fault::after_window:
      return "after_window";
    case label_fault::ahead:
      return "ahead";
    case label_fault::off_grid:
      return "off_grid";
    case label_fault::unasked:
      return "unasked";
    case label_fault::conflicting:
      return "conflicting";
  }
  return "";
}

network_time judged_at(const time_series_answer& answer, network net, utc_time known) {
  return to_network_time(answer.served_at == utc_time{} ? known : answer.served_at, net);
}

network_time first_ahead(const group_identity& id, network_time now) {
  auto label = bucket_floor(now, id.interval);
  const auto latest = one_interval_after(now, id.interval);
  while (data_end(label, id) <= latest) label = bucket_add(label, id.interval, 1);
  return label;
}

label_check::label_check(time_series_answer& answer, const label_question& question)
    : answer_(answer), question_(question) {
  if (seeded_bug("labels-believed")) block_ = answer.blocks.size();
}

bool label_check::advance(std::size_t points) {
  constexpr std::size_t handling = 16;  // what a series takes beside its points
  while (block_ < answer_.blocks.size()) {
    auto& all = answer_.blocks[block_].all;
    if (series_ == all.size()) {
      finish_block();
      continue;
    }
    if (points == 0) return false;
    auto& one = all[series_].points;
    const auto end = at_ + std::min(points, one.size() - at_);
    points -= end - at_;
    for (; at_ < end; ++at_) {
      if (keeps(one[at_])) one[kept_++] = one[at_];
    }
    if (at_ < one.size()) return false;
    finish_series(one);
    points -= std::min(points, handling);
  }
  return true;
}

bool label_check::keeps(const point& one) {
  const auto said = judge(one.label, question_);
  if (!said.fault) return said.taken;
  const auto at = static_cast<std::size_t>(*said.fault);
  if (skipped_.count[at]++ == 0) skipped_.example[at] = one.label;
  doubted_ = doubted_ || is_doubted(*said.fault, one.label, question_.window);
  ++wrong_;
  return false;
}

void label_check::finish_series(std::vector<point>& points) {
  if (!points.empty()) ++all_series_;
  if (2 * wrong_ > points.size()) ++wrong_series_;
  points.resize(kept_);
  at_ = kept_ = wrong_ = 0;
  ++series_;
}

void label_check::count_left_out(label_fault fault, const left_out_points& points) {
  const auto at = static_cast<std::size_t>(fault);
  skipped_.count[at] = points.count;
  skipped_.example[at] = points.example;
}

void label_check::finish_block() {
  const auto& block = answer_.blocks[block_];
  count_left_out(label_fault::unasked, block.unasked);
  count_left_out(label_fault::conflicting, block.conflicting);
  all_series_ += block.unasked_series;
  wrong_series_ += block.unasked_series;
  const auto wrong = std::accumulate(skipped_.count.begin(), skipped_.count.end(), std::size_t{0});
  if (wrong > 0) out_.push_back({block.metric, skipped_, doubted_});
  skipped_ = {};
  doubted_ = false;
  series_ = 0;
  ++block_;
}

result<std::vector<metric_skipped>> label_check::take() {
  if (2 * wrong_series_ > all_series_) return contract_changed(out_, wrong_series_, all_series_, question_);
  return std::move(out_);
}

result<std::vector<metric_skipped>> leave_out_wrong_labels(time_series_answer& answer, const label_question& question) {
  label_check checking(answer, question);
  checking.advance(std::numeric_limits<std::size_t>::max());
  return checking.take();
}

}  // namespace oes
