#include "records/ledger.hpp"

#include <algorithm>
#include <stdexcept>

#include "model/answer_bounds.hpp"
#include "model/fault_point.hpp"

namespace oes {
namespace {

constexpr auto no_label = network_time::min();
constexpr std::size_t spare = 64;

// Growing by doubling would take up to twice the memory for as long as the series lives.
template <typename T>
void grow(std::vector<T>& values, std::size_t size, T fill) {
  if (values.size() >= size) return;
  if (values.capacity() < size) values.reserve(size + spare);
  values.resize(size, fill);
}

template <typename T>
void drop_front(std::vector<T>& values, std::size_t count) {
  values.erase(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(std::min(count, values.size())));
}

}  // namespace

void ledger::lane::reach(std::size_t size) {
  grow(hashes, size, std::uint64_t{0});
  grow(revisions, size, std::uint16_t{0});
}

ledger::ledger(interval_size interval, const ledger_image& image, network_time from) : interval_(interval) {
  for (const auto& [series, labels] : image.dictionary) {
    ids_.emplace(labels, series);
    if (lanes_.size() <= series) lanes_.resize(series + 1UL);
  }
  if (seeded_bug("dictionary-not-restored")) ids_.clear();
  const auto first = image.rows.lower_bound(from);
  if (first == image.rows.end()) return;
  make_room(first->first);
  const auto size = make_room(image.rows.rbegin()->first) + 1;
  for (auto row = first; row != image.rows.end(); ++row) {
    const auto& [label, cells] = *row;
    for (const auto& cell : cells) {
      if (lanes_.size() <= cell.series) lanes_.resize(cell.series + 1UL);
      lanes_[cell.series].reach(size);
      put(cell.series, label, {cell.value_hash, cell.revision});
    }
  }
}

std::optional<std::uint16_t> ledger::find(const series_labels& labels) const {
  const auto found = ids_.find(labels);
  if (found == ids_.end()) return std::nullopt;
  return found->second;
}

std::uint16_t ledger::add(const series_labels& labels) {
  if (lanes_.size() >= most_series_of_a_member) throw std::length_error("over 65,535 series in a metric");
  const auto series = static_cast<std::uint16_t>(lanes_.size());
  ids_.emplace(labels, series);
  lanes_.emplace_back();
  return series;
}

ledger::entry ledger::at(std::uint16_t series, network_time label) const {
  const auto place = slot_of(label) - base_;
  const auto& one = lanes_[series];
  if (place < 0 || place >= static_cast<std::int64_t>(one.hashes.size())) return {};
  const auto i = static_cast<std::size_t>(place);
  return {one.hashes[i], one.revisions[i]};
}

ledger::entry ledger::newest(std::uint16_t series) const {
  const auto& one = lanes_[series];
  for (auto i = one.hashes.size(); i > 0; --i) {
    if (one.hashes[i - 1] != 0) return {one.hashes[i - 1], one.revisions[i - 1]};
  }
  return {};
}

std::size_t ledger::published(std::uint16_t series, time_range range) const {
  const auto& hashes = lanes_[series].hashes;
  const auto end = std::min(slots_before(range.end) + 1, hashes.size());  // a label of a month may lie anywhere in it
  std::size_t count = 0;
  for (auto i = slots_before(range.begin); i < end; ++i) {
    if (hashes[i] != 0 && range.begin <= labels_[i] && labels_[i] < range.end) ++count;
  }
  return count;
}

bool ledger::published(time_range range) const {
  const auto begin = labels_.begin() + static_cast<std::ptrdiff_t>(slots_before(range.begin));
  return std::any_of(begin, labels_.end(), [&](network_time one) { return range.begin <= one && one < range.end; });
}

void ledger::put(std::uint16_t series, network_time label, entry published) {
  const auto i = make_room(label);
  auto& one = lanes_[series];
  one.reach(i + 1);
  one.hashes[i] = published.value_hash;
  one.revisions[i] = published.revision;
  labels_[i] = label;
}

ledger_row ledger::row(network_time label) const {
  ledger_row out{label, {}};
  for (std::size_t series = 0; series < lanes_.size(); ++series) {
    const auto id = static_cast<std::uint16_t>(series);
    const auto known = at(id, label);
    if (known.published()) out.cells.push_back({known.value_hash, id, known.revision});
  }
  return out;
}

std::size_t ledger::slots_before(network_time label) const {
  return static_cast<std::size_t>(
      std::clamp<std::int64_t>(slot_of(label) - base_, 0, static_cast<std::int64_t>(labels_.size())));
}

std::vector<network_time> ledger::labels_before(network_time label) const {
  std::vector<network_time> known;
  const auto end = labels_.begin() + static_cast<std::ptrdiff_t>(slots_before(label));
  std::copy_if(labels_.begin(), end, std::back_inserter(known), [](network_time one) { return one != no_label; });
  return known;
}

std::vector<network_time> ledger::forget_before(network_time label) {
  auto forgotten = labels_before(label);
  const auto count = slots_before(label);
  if (count == 0) return forgotten;
  drop_front(labels_, count);
  for (auto& one : lanes_) {
    drop_front(one.hashes, count);
    drop_front(one.revisions, count);
  }
  base_ += static_cast<std::int64_t>(count);
  return forgotten;
}

std::size_t ledger::bytes() const {
  std::size_t sum = labels_.capacity() * sizeof(network_time);
  for (const auto& one : lanes_) sum += one.hashes.capacity() * 8 + one.revisions.capacity() * 2;
  return sum;
}

std::size_t ledger::points() const {
  std::size_t sum = 0;
  for (const auto& one : lanes_)
    sum += one.hashes.size() - static_cast<std::size_t>(std::count(one.hashes.begin(), one.hashes.end(), 0U));
  return sum;
}

// Calendar sizes: a label's month. Their labels differ in it, however the API chooses them (api.md §4).
std::int64_t ledger::slot_of(network_time label) const {
  if (const auto step = fixed_step(interval_)) {
    const auto whole = label.time_since_epoch() / *step;
    return label.time_since_epoch() < whole * *step ? whole - 1 : whole;
  }
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(label));
  return 12LL * static_cast<int>(date.year()) + static_cast<unsigned>(date.month());
}

// The label's place; the ledger reaches there afterwards.
std::size_t ledger::make_room(network_time label) {
  const auto slot = slot_of(label);
  if (labels_.empty()) base_ = slot;
  if (slot < base_) {
    const auto more = static_cast<std::size_t>(base_ - slot);
    labels_.insert(labels_.begin(), more, no_label);
    for (auto& one : lanes_) {
      one.hashes.insert(one.hashes.begin(), more, 0);
      one.revisions.insert(one.revisions.begin(), more, 0);
    }
    base_ = slot;
  }
  const auto place = static_cast<std::size_t>(slot - base_);
  grow(labels_, place + 1, no_label);
  return place;
}

}  // namespace oes
