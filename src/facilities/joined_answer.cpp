#include "facilities/joined_answer.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "facilities/facility_batches.hpp"
#include "model/answer_bounds.hpp"

namespace oes {
namespace {

std::string_view unit_code_of(const series& one) {
  for (const auto& [name, value] : one.labels) {
    if (name == "unit_code") return value;
  }
  return {};
}

bool chooses_units(const series_filter& filter) { return !filter.fueltechs.empty() || !filter.fueltech_groups.empty(); }

error too_many() {
  return {errc::malformed,
          "answers together have more than 20,000 series, or would give more than 16 MiB of records for one interval"};
}

std::size_t digits_of(const series& one) {
  std::size_t bytes = 0;
  for (const auto& point : one.points) bytes += point.size;
  return bytes;
}

}  // namespace

answer_joiner::answer_joiner(const group_identity& id, const facility_list& list) : id_(id) {
  whole_.body = std::make_unique<std::string>();
  for (const auto& unit : list.units) {
    if (unit.network_code == code(id.net)) units_.emplace(unit.unit_code, &unit);
  }
}

result<std::size_t> answer_joiner::block_for(const metric_block& of) {
  const auto known = std::find_if(whole_.blocks.begin(), whole_.blocks.end(),
                                  [&](const metric_block& have) { return have.metric == of.metric; });
  const auto place = static_cast<std::size_t>(known - whole_.blocks.begin());
  if (known == whole_.blocks.end()) whole_.blocks.push_back({of.metric, of.unit, {}});
  if (whole_.blocks[place].unit != of.unit) return error{errc::malformed, "a metric comes in two units"};
  return place;
}

// A unit that the list does not know yet is wanted, unless units are chosen by what the list says of them.
bool answer_joiner::is_wanted(const series& one, const facility_unit* unit) const {
  if (unit == nullptr) return !unit_code_of(one).empty() && !chooses_units(id_.filter);
  return !chooses_units(id_.filter) || wants_unit(id_, *unit);
}

series answer_joiner::copied(const series& one) {
  series out{one.labels, {}, one.also, one.lacks};
  out.points.reserve(one.points.size());
  for (auto point : one.points) {
    const auto digits = part_.text(point);
    point.offset = digits.empty() ? 0 : static_cast<std::uint32_t>(whole_.body->size());
    whole_.body->append(digits);
    out.points.push_back(point);
  }
  return out;
}

void answer_joiner::add(time_series_answer part) {
  whole_.received_at = std::max(whole_.received_at, part.received_at);
  whole_.served_at = std::max(whole_.served_at, part.served_at);
  part_ = std::move(part);
  block_ = next_ = 0;
  ++parts_;
}

result<void> answer_joiner::take_in_series(const series& one) {
  const auto found = units_.find(unit_code_of(one));
  const auto* const unit = found == units_.end() ? nullptr : found->second;
  if (!is_wanted(one, unit)) return {};
  label_bytes_ += estimated_record_bytes(one);
  if (++series_ > most_series || label_bytes_ > most_label_bytes) return too_many();
  if (whole_.body->size() + digits_of(one) > std::numeric_limits<std::uint32_t>::max()) {
    return error{errc::too_large, "answers of more than 4 GiB together"};
  }
  auto& added = whole_.blocks[into_].all.emplace_back(copied(one));
  if (unit != nullptr) added.also.emplace_back("facility_code", unit->facility_code);
  return {};
}

result<bool> answer_joiner::take_in(std::size_t points) {
  constexpr std::size_t lookup = 16;  // what finding a unit takes beside its points
  for (; block_ < part_.blocks.size(); ++block_, next_ = 0) {
    const auto& block = part_.blocks[block_];
    if (next_ == 0) {
      const auto into = block_for(block);
      if (!into) return into.error();
      into_ = *into;
    }
    while (next_ < block.all.size()) {
      if (points == 0) return false;
      const auto& one = block.all[next_++];
      const auto taken = take_in_series(one);
      if (!taken) return taken.error();
      points -= std::min(points, one.points.size() + lookup);
    }
    whole_.blocks[into_].add_left_out(block);
  }
  part_ = {};
  return true;
}

result<bool> answer_joiner::drop_duplicates(std::size_t points) {
  while (deduplicated_blocks_ < whole_.blocks.size()) {
    if (!deduplicating_) deduplicating_.emplace(whole_.blocks[deduplicated_blocks_].all, *whole_.body);
    if (!deduplicating_->advance(points)) return false;
    if (deduplicating_->too_long()) {
      return error{errc::malformed, "answers together have more than 200,000 labels of one series"};
    }
    whole_.blocks[deduplicated_blocks_].conflicting.add(deduplicating_->conflicting());
    deduplicating_.reset();
    ++deduplicated_blocks_;
  }
  return true;
}

}  // namespace oes
