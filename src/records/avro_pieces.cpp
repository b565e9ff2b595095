#include "records/avro_pieces.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "records/avro_columns.hpp"
#include "records/avro_schema.hpp"
#include "records/avro_wire.hpp"
#include "records/number_value.hpp"
#include "records/record_key.hpp"
#include "records/schema.hpp"
#include "records/series_fields.hpp"

namespace oes {
namespace {

using known_texts = std::map<std::string_view, std::string_view>;

/// Appends fields of the table, one after another, as far as a series knows them.
class field_writer {
 public:
  explicit field_writer(known_texts texts) : texts_(std::move(texts)) {}

  /// From where the last call ended up to the field, which is passed over.
  std::string up_to(std::string_view name) {
    std::string out;
    for (; next_ != table_.end() && next_->name != name; ++next_) append(out, *next_);
    if (next_ != table_.end()) ++next_;
    return out;
  }
  void pass(std::string_view name) { static_cast<void>(up_to(name)); }

 private:
  void append(std::string& to, const schema_field& field) const {
    const auto known = texts_.find(field.name);
    const bool there = known != texts_.end();
    if (field.there != presence::always) to += there ? avro::a_value : avro::no_value;
    if (!there) return;
    if (field.type == field_type::boolean) {
      to += known->second == "true" ? '\1' : '\0';
    } else {
      avro::append_text(to, known->second);
    }
  }

  known_texts texts_;
  std::span<const schema_field> table_ = record_schema();
  std::span<const schema_field>::iterator next_ = table_.begin();
};

std::string map_of(const std::vector<std::pair<std::string_view, std::string_view>>& entries) {
  if (entries.empty()) return {avro::no_value};
  std::string out(1, avro::a_value);
  avro::append_long(out, static_cast<std::int64_t>(entries.size()));
  for (const auto& [name, value] : entries) {
    avro::append_text(out, name);
    avro::append_text(out, value);
  }
  return out + '\0';
}

std::string avro_tail_of(const series_fields& fields, const record_options& options, utc_time fetched_at, bool edge) {
  std::string out;
  if (options.states_provisional) {
    out += {avro::a_value, edge ? '\1' : '\0'};
  } else {
    out += avro::no_value;
  }
  out += options.backfill ? std::string{avro::a_value, '\1'} : std::string{avro::no_value};
  avro::append_long(out, fetched_at.time_since_epoch().count());
  return out + map_of(fields.extra);
}

known_texts texts_of(const metric_block& block, const series_fields& fields, const record_options& options,
                     std::string_view grouping) {
  known_texts texts{{"network_code", code(options.identity.net)}, {"stream", options.stream}, {"grouping", grouping}};
  if (options.identity.shape == record_shape::long_form) {
    texts["metric"] = block.metric;
    texts["unit"] = block.unit;
  }
  const auto add = [&](std::string_view name, const std::optional<std::string_view>& text) {
    if (text) texts[name] = *text;
  };
  add("fueltech_group", fields.fueltech_group);
  add("network_region", fields.network_region);
  add("unit_code", fields.unit_code);
  add("fueltech", fields.fueltech);
  add("status", fields.status);
  add("facility_code", fields.facility_code);
  add("renewable", fields.renewable);
  return texts;
}

// The metric columns of a record with one number, around that number.
void add_long_columns(avro_pieces& to, const std::string& metric) {
  const auto columns = avro_columns::count();
  const auto own = avro_columns::place_of(metric, 0);
  to.without = to.head + std::string(columns, avro::no_value) + std::string(2, avro::no_value);
  to.head.append(own.value_or(columns), avro::no_value) += avro::a_value;
  if (own) {
    to.between.assign(columns - *own - 1, avro::no_value) += avro::no_value;
  } else {
    avro::append_long(to.head, 1);
    avro::append_text(to.head, metric);
    to.between = std::string(1, '\0');
  }
  to.between += avro::a_value;
}

}  // namespace

avro_pieces make_avro_pieces(const metric_block& block, const series& one, const record_options& options,
                             utc_time fetched_at) {
  avro_pieces out;
  auto labels = one.labels;
  labels.insert(labels.end(), one.also.begin(), one.also.end());
  const auto fields = fields_of(labels);
  const auto grouping = grouping_name(options.identity);
  field_writer write(texts_of(block, fields, options, grouping));
  out.key = key_without_interval(block, one.labels, options);
  out.frame = avro::frame_of(options.schema_id);
  out.wide = options.identity.shape == record_shape::wide;
  write.pass("interval");
  out.head = write.up_to(avro_columns::first());
  write.pass("interval_end");
  out.labels = write.up_to("revision");
  if (!out.wide) add_long_columns(out, block.metric);
  out.tail = avro_tail_of(fields, options, fetched_at, false);
  out.edge_tail = avro_tail_of(fields, options, fetched_at, true);
  return out;
}

std::size_t fixed_size(const avro_pieces& p) {
  constexpr std::size_t revision_and_version = 3 + avro::longest_long;
  return p.key.size() + p.frame.size() + std::max(p.head.size() + p.between.size(), p.without.size()) +
         p.labels.size() + std::max(p.tail.size(), p.edge_tail.size()) + revision_and_version;
}

std::size_t most_of_number(const avro_pieces& p, std::size_t size) {
  return p.wide ? avro_columns::most_of(size) : 2 * sizeof(double);
}

char* put_value(char* at, const avro_pieces& pieces, const label_text& label, const record_point& point) {
  at = put(at, pieces.frame);
  at = put(at, label.avro_interval);
  if (pieces.wide) {
    at = put(at, pieces.head);
    at = avro_columns::put(at, point.number);
  } else if (point.number.empty()) {
    at = put(at, pieces.without);
  } else {
    const double number = double_of(point.number);
    at = put(at, pieces.head);
    at = avro::put_double(at, number);
    at = put(at, pieces.between);
    at = avro::put_double(at, number);
  }
  at = put(at, label.avro_period);
  at = put(at, pieces.labels);
  at = avro::put_long(at, point.revision);
  at = avro::put_long(at, point.version);
  return put(at, point.tail);
}

}  // namespace oes
