#include "backfill/backfill_steps.hpp"

#include <algorithm>
#include <utility>

#include "pipeline/choose_changes.hpp"
#include "pipeline/label_scan.hpp"

namespace oes {
namespace {

bool is_refresh(backfill_mode mode) { return mode != backfill_mode::fill; }

range_set labels_with_numbers(const std::vector<seen_label>& seen, time_range window, interval_size interval) {
  range_set out;
  std::optional<time_range> run;
  for (const auto& label : seen) {
    if (label.label >= window.end) break;
    if (!label.has_number) continue;
    const auto end = bucket_add(label.label, interval, 1);
    if (run && run->end == label.label) {
      run->end = end;
      continue;
    }
    if (run) out.add(*run);
    run = time_range{label.label, end};
  }
  if (run) out.add(*run);
  return out;
}

advance_answer advance_within(const range_set& wanted, const range_set& there) {
  advance_answer out;
  for (const auto& range : wanted.ranges()) {
    const auto holes = there.missing(range);
    out.holes.insert(out.holes.end(), holes.begin(), holes.end());
    range_set missing;
    for (const auto& hole : holes) missing.add(hole);
    const auto published = missing.missing(range);
    out.publish.insert(out.publish.end(), published.begin(), published.end());
  }
  return out;
}

}  // namespace

boost::asio::awaitable<std::vector<member_step>> backfill_steps(const request_group& group, const group_backfill& work,
                                                                time_range window, backfill_mode mode,
                                                                const time_series_answer& answer,
                                                                const std::vector<ledger>& known, young_edge edge,
                                                                boost::asio::any_io_executor loop) {
  std::vector<member_step> steps;
  for (std::size_t i = 0; i < work.members.size(); ++i) {
    const auto wanted = wanted_in(work.wanted[i], window);
    if (wanted.empty()) continue;
    const auto& who = group.members[work.members[i]];
    const auto block = std::find_if(answer.blocks.begin(), answer.blocks.end(),
                                    [&](const metric_block& b) { return b.metric == who.metric(); });
    range_set there;
    selection chosen;
    if (block != answer.blocks.end()) {
      auto scanning = scan_labels(*block, {window.begin}, loop);
      const auto labels = co_await std::move(scanning);
      const time_range whole{window.begin, whole_until(group, window, labels.seen, edge)};
      there = labels_with_numbers(labels.seen, whole, group.identity.interval);
      selection_question question{window.begin,  window.begin,      window.end,
                                  who.revisions, who.publish_nulls, columns_named(who.metrics)};
      question.numbers = numbers_of(who.options);
      const auto index = static_cast<std::size_t>(block - answer.blocks.begin());
      auto choosing = choose_changes(answer, index, known[i], question, loop);
      auto done = co_await std::move(choosing);
      chosen = std::move(done);
      restrict_to(chosen, *block, wanted_in(wanted, whole));
    }
    auto options = who.options;
    options.backfill = true;
    member_step step{work.members[i], advance_within(wanted, there), {std::move(chosen), std::move(options)}, {}, {}};
    if (is_refresh(mode)) step.read_again = wanted;
    steps.push_back(std::move(step));
  }
  co_return steps;
}

std::vector<std::pair<member_key, member_patch>> nothing_there(const request_group& group, const group_backfill& work,
                                                               time_range window, backfill_mode mode,
                                                               const std::string& reason, utc_time now) {
  std::vector<std::pair<member_key, member_patch>> out;
  for (std::size_t i = 0; i < work.members.size(); ++i) {
    const auto wanted = wanted_in(work.wanted[i], window);
    if (wanted.empty()) continue;
    member_patch patch;
    patch.closed = wanted;  // whatever gap was known there: this is the newer reason
    for (const auto& range : wanted.ranges()) patch.gaps.push_back({range, reason, now});
    if (is_refresh(mode)) patch.read_again = wanted;
    out.emplace_back(group.members[work.members[i]].key, std::move(patch));
  }
  return out;
}

}  // namespace oes
