#include "pipeline/label_scan.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "async/slices.hpp"
#include "records/series_slices.hpp"
#include "records/waiting_rows.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

bool earlier(const seen_label& a, const seen_label& b) { return a.label < b.label; }

// Sorts `more` into `all`, each label once.
void merge_labels(std::vector<seen_label>& all, std::vector<seen_label>& more) {
  std::sort(more.begin(), more.end(), earlier);
  const auto middle = static_cast<std::ptrdiff_t>(all.size());
  all.insert(all.end(), more.begin(), more.end());
  more.clear();
  std::inplace_merge(all.begin(), all.begin() + middle, all.end(), earlier);
  std::size_t kept = 0;
  for (const auto& one : all) {
    if (kept > 0 && all[kept - 1].label == one.label) {
      all[kept - 1].has_number = all[kept - 1].has_number || one.has_number;
    } else {
      all[kept++] = one;
    }
  }
  all.resize(kept);
}

}  // namespace

network_time waits_behind(network_time now, std::chrono::seconds hole_after, interval_size interval) {
  const auto old_enough = now - hole_after;
  return interval == interval_size::m5 ? old_enough : first_open(old_enough, interval) - std::chrono::seconds(1);
}

label_scan::label_scan(const metric_block& block, scan_question question) : all_(block.all), question_(question) {}

bool label_scan::advance(std::size_t points) {
  return look_at_some(all_, next_, points, [this](const series& one) { look_at(one); });
}

// Nearly always all series have the same labels. Where they have not, what a series adds is merged when it is as much
// as there is already: thousands of short series beside a long one must not each cost as much as the long one.
void label_scan::look_at(const series& one) {
  auto& seen = out_.seen;
  auto have = seen.begin();
  auto at = std::lower_bound(one.points.begin(), one.points.end(), question_.from,
                             [](const point& p, network_time t) { return p.label < t; });
  for (; at != one.points.end(); ++at) {
    if (have == seen.end() || have->label != at->label) {
      have = std::lower_bound(have, seen.end(), seen_label{at->label, false}, earlier);
    }
    if (have != seen.end() && have->label == at->label) {
      have->has_number = have->has_number || !at->is_null();
      ++have;
    } else {
      more_.push_back({at->label, !at->is_null()});
    }
  }
  if (more_.size() > seen.size()) merge_labels(seen, more_);
  if (question_.published == nullptr) return;
  out_.waits_from =
      std::min(out_.waits_from, first_waiting(one, *question_.published, question_.wait_behind, question_.columns));
}

scanned_labels label_scan::take() {
  merge_labels(out_.seen, more_);
  return std::move(out_);
}

asio::awaitable<scanned_labels> scan_labels(const metric_block& block, scan_question question,
                                            asio::any_io_executor loop) {
  label_scan scanning(block, question);
  const auto work = [&scanning](std::size_t points) { return scanning.advance(points); };
  auto going = in_slices(std::move(loop), work);
  co_await std::move(going);
  co_return scanning.take();
}

scanned_labels scan_labels(const metric_block& block, scan_question question) {
  label_scan scanning(block, question);
  scanning.advance(std::numeric_limits<std::size_t>::max());
  return scanning.take();
}

}  // namespace oes
