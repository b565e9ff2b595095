#include "records/record_builder.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "records/record_text.hpp"
#include "records/rising_text.hpp"
#include "records/written_series.hpp"

namespace oes {
namespace {

constexpr auto nothing_left = network_time::max();

// One series of one plan, and how far it has been emitted.
struct cursor {
  const std::vector<point>* points = nullptr;
  const std::vector<std::uint16_t>* revisions = nullptr;
  std::size_t at = 0;
  std::size_t left = 0;  ///< chosen points not yet emitted
  written_series pieces;
  network_time provisional_from{};
  std::size_t fixed_size = 0;  ///< upper bound of a record without label-dependent parts and its numbers
  std::uint32_t plan = 0;
  std::uint32_t series = 0;
  std::uint16_t topic = 0;
  interval_in_key interval = interval_in_key::yes;

  [[nodiscard]] const point& here() const { return (*points)[at]; }
  // The label of the first chosen point at or after `at`.
  network_time skip_to_label() {
    const auto end = std::min(points->size(), revisions->size());
    while (at < end && (*revisions)[at] == skip) ++at;
    return at < end ? here().label : nothing_left;
  }
};

std::size_t count_chosen(const std::vector<std::uint16_t>& revisions) {
  return revisions.size() - static_cast<std::size_t>(std::count(revisions.begin(), revisions.end(), skip));
}

std::size_t series_of(const time_series_answer& answer, const record_plan& plan) {
  return std::min(answer.blocks.at(plan.chosen.block).all.size(), plan.chosen.revisions.size());
}

}  // namespace

struct record_builder::machinery {
  machinery(const time_series_answer& from, std::vector<record_plan> chosen);

  /// Sets about one series up, of the plan at hand. true: all are.
  bool set_up();
  void add_cursor(std::uint32_t index, std::size_t series);
  std::uint16_t topic_index(const record_options& options);
  [[nodiscard]] network_time next_label() const;
  /// Records of the label, and an upper bound of their bytes.
  [[nodiscard]] std::pair<std::size_t, std::size_t> measure(std::size_t label_size) const;
  [[nodiscard]] std::size_t bound(const cursor& c, std::size_t label_size) const;
  void emit_label(const label_text& text, version_counter& versions);
  void begin_chunk();
  /// The next label of the chunk; its records. nullopt: the chunk is whole.
  std::optional<std::size_t> emit_next(version_counter& versions);
  void reserve();
  void emit(cursor& c, std::size_t most, const label_text& text, version_counter& versions);

  const time_series_answer& answer;
  std::vector<record_plan> plans;
  network net = network::nem;
  interval_size interval = interval_size::m5;
  std::vector<std::string> topics;
  std::vector<std::string> schemas;  ///< parallel to `topics`
  std::vector<cursor> cursors;
  std::vector<network_time> heads;  ///< cursors' next labels, kept together: they are looked at most often
  std::size_t left = 0;
  rising_text version_text;

  std::uint32_t plan_at_hand = 0;  ///< to be set up next, and which series of it
  std::size_t series_at_hand = 0;

  chunk_limits limits;  ///< of the chunk at hand
  built_chunk chunk;
  network_time label{};  ///< its next
  bool begun = false;
};

record_builder::machinery::machinery(const time_series_answer& from, std::vector<record_plan> chosen)
    : answer(from), plans(std::move(chosen)) {
  if (!plans.empty()) {
    net = plans.front().options.identity.net;
    interval = plans.front().options.identity.interval;
  }
  for (const auto& plan : plans) {
    topic_index(plan.options);
    for (std::size_t i = 0; i < series_of(answer, plan); ++i) left += count_chosen(plan.chosen.revisions[i]);
  }
}

bool record_builder::machinery::set_up() {
  while (plan_at_hand < plans.size()) {
    if (series_at_hand < series_of(answer, plans[plan_at_hand])) {
      add_cursor(plan_at_hand, series_at_hand++);
      return false;
    }
    ++plan_at_hand;
    series_at_hand = 0;
  }
  return true;
}

void record_builder::machinery::add_cursor(std::uint32_t index, std::size_t series) {
  const auto& plan = plans[index];
  const auto& block = answer.blocks.at(plan.chosen.block);
  cursor one;
  one.points = &block.all[series].points;
  one.revisions = &plan.chosen.revisions[series];
  one.left = count_chosen(*one.revisions);
  if (one.left == 0) return;
  one.pieces = write_series(block, block.all[series], plan.options, answer.received_at);
  one.fixed_size = std::visit([](const auto& pieces) { return fixed_size(pieces); }, one.pieces);
  one.provisional_from = plan.provisional_from;
  one.plan = index;
  one.series = static_cast<std::uint32_t>(series);
  one.topic = topic_index(plan.options);
  one.interval = plan.options.key == record_key_policy::point ? interval_in_key::yes : interval_in_key::no;
  heads.push_back(one.skip_to_label());
  cursors.push_back(std::move(one));
}

std::uint16_t record_builder::machinery::topic_index(const record_options& options) {
  for (std::size_t i = 0; i < topics.size(); ++i) {
    if (topics[i] == options.topic && schemas[i] == options.schema) return static_cast<std::uint16_t>(i);
  }
  topics.push_back(options.topic);
  schemas.push_back(options.schema);
  return static_cast<std::uint16_t>(topics.size() - 1);
}

network_time record_builder::machinery::next_label() const {
  network_time first = nothing_left;
  for (const auto head : heads) first = std::min(first, head);
  return first;
}

std::size_t record_builder::machinery::bound(const cursor& c, std::size_t label_size) const {
  const auto number = c.here().size;
  const auto most = std::visit([number](const auto& pieces) { return most_of_number(pieces, number); }, c.pieces);
  return c.fixed_size + label_size + most;
}

std::pair<std::size_t, std::size_t> record_builder::machinery::measure(std::size_t label_size) const {
  std::size_t records = 0;
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < heads.size(); ++i) {
    if (heads[i] != label) continue;
    ++records;
    bytes += bound(cursors[i], label_size);
    // The numbers of a label lie all over the answer: have them fetched while the others are measured.
    __builtin_prefetch(answer.body->data() + cursors[i].here().offset);
  }
  return {records, bytes};
}

void record_builder::machinery::emit(cursor& c, std::size_t most, const label_text& text, version_counter& versions) {
  auto& into = chunk.batch;
  const auto offset = into.bytes.size();
  // Record by record, so that the zeroes that resize writes are overwritten while they are in the nearest cache.
  into.bytes.resize(most);
  char* const key = into.bytes.data() + offset;
  const auto& here = c.here();
  const bool is_final = here.label < c.provisional_from;
  const auto version = versions.next();
  const auto digits = version_text.of(version);
  char* value = key;
  char* const end = std::visit(
      [&](const auto& pieces) {
        value = put_key(key, pieces.key, text, c.interval);
        const record_point point{answer.text(here), (*c.revisions)[c.at], version, digits,
                                 is_final ? pieces.tail : pieces.edge_tail};
        return put_value(value, pieces, text, point);
      },
      c.pieces);
  into.bytes.resize(static_cast<std::size_t>(end - into.bytes.data()));
  into.records.push_back({.offset = static_cast<std::uint32_t>(offset),
                          .value_size = static_cast<std::uint32_t>(end - value),
                          .key_size = static_cast<std::uint16_t>(value - key),
                          .topic = c.topic,
                          .tombstone = false});
  chunk.emitted.push_back({c.plan, c.series, static_cast<std::uint32_t>(c.at)});
  ++c.at;
  --c.left;
  --left;
}

void record_builder::machinery::emit_label(const label_text& text, version_counter& versions) {
  const auto& into = chunk.batch;
  for (std::size_t i = 0; i < heads.size(); ++i) {
    if (heads[i] != label) continue;
    auto& c = cursors[i];
    emit(c, into.bytes.size() + bound(c, text.size()), text, versions);
    heads[i] = c.skip_to_label();
  }
}

void record_builder::machinery::reserve() {
  std::size_t fixed = 0;
  for (const auto& c : cursors) fixed += c.left * c.fixed_size;
  constexpr std::size_t usual_label_and_numbers = 2 * 25 + 104 + 24;
  chunk.batch.bytes.reserve(std::min(limits.bytes, fixed + left * usual_label_and_numbers));
  chunk.batch.records.reserve(std::min(limits.records, left));
  chunk.emitted.reserve(std::min(limits.records, left));
}

void record_builder::machinery::begin_chunk() {
  chunk.batch.topics = topics;
  chunk.batch.schemas = schemas;
  chunk.batch.bytes.clear();
  chunk.batch.records.clear();
  reserve();
  label = next_label();
  begun = true;
}

std::optional<std::size_t> record_builder::machinery::emit_next(version_counter& versions) {
  if (label == nothing_left) return std::nullopt;
  const label_text text(label, net, interval);
  const auto [records, bytes] = measure(text.size());
  const auto& batch = chunk.batch;
  const bool fits = batch.records.size() + records <= limits.records && batch.bytes.size() + bytes <= limits.bytes;
  if (!fits && !batch.empty()) return std::nullopt;
  emit_label(text, versions);
  label = next_label();
  if (!fits) return std::nullopt;
  return records;
}

record_builder::record_builder(const time_series_answer& answer, std::vector<record_plan> plans)
    : machinery_(std::make_unique<machinery>(answer, std::move(plans))) {}
record_builder::~record_builder() = default;
record_builder::record_builder(record_builder&&) noexcept = default;

bool record_builder::done() const { return machinery_->left == 0; }

void record_builder::begin(const chunk_limits& limits, record_batch spare) {
  auto& m = *machinery_;
  m.limits = limits;
  m.chunk = {};
  m.chunk.batch = std::move(spare);
  m.begun = false;
}

bool record_builder::advance(std::size_t records, version_counter& versions) {
  constexpr std::size_t set_up_cost = 8;       // a series, in records
  constexpr std::size_t heads_a_record = 128;  // looked at in the time of one
  auto& m = *machinery_;
  const auto spend = [&records](std::size_t cost) { records -= std::min(records, cost); };
  while (records > 0 && !m.set_up()) spend(set_up_cost);
  if (records == 0) return false;
  if (!m.begun) m.begin_chunk();
  while (records > 0) {
    const auto emitted = m.emit_next(versions);
    if (!emitted) {
      m.chunk.complete_before = m.label;
      return true;
    }
    spend(*emitted + m.heads.size() / heads_a_record + 1);
  }
  return false;
}

built_chunk record_builder::take() { return std::move(machinery_->chunk); }

built_chunk record_builder::next(const chunk_limits& limits, version_counter& versions, record_batch spare) {
  begin(limits, std::move(spare));
  advance(std::numeric_limits<std::size_t>::max(), versions);
  return take();
}

}  // namespace oes
