#include "records/series_pieces.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "records/fueltech_groups.hpp"
#include "records/json_text.hpp"

namespace oes {
namespace {

// Labels that have a field of their own; all others go to `extra`.
constexpr std::array<std::string_view, 7> known_labels{"facility_code", "fueltech", "fueltech_group", "region",
                                                       "renewable",     "status",   "unit_code"};

std::optional<std::string_view> find(const series_labels& labels, std::string_view name) {
  for (const auto& [label, value] : labels) {
    if (label == name) return value;
  }
  return std::nullopt;
}

bool is_boolean(std::string_view text) { return text == "true" || text == "false"; }

bool has_own_field(std::string_view name, std::string_view value) {
  if (name == "renewable") return is_boolean(value);
  return std::find(known_labels.begin(), known_labels.end(), name) != known_labels.end();
}

void append_label(std::string& to, std::string_view field, std::optional<std::string_view> value) {
  if (value) append_json_member(to, field, *value);
}

std::string key_of(const metric_block& block, const series_labels& labels, const record_options& options) {
  std::string key("v1|");
  key.append(code(options.identity.net)).append("|").append(code(options.identity.interval)).append("|");
  append_key_part(key, block.metric);
  key += '|';
  std::string_view separator;
  for (const auto& [name, value] : labels) {
    key += separator;
    append_key_part(key, name);
    key += '=';
    append_key_part(key, value);
    separator = ",";
  }
  // The interval follows; a key per series has none.
  if (options.key == record_key_policy::point) key += '|';
  return key;
}

std::string head_of(const metric_block& block, const series_labels& labels, const record_options& options) {
  std::string out;
  append_json_member(out, "network_code", code(options.identity.net));
  if (options.identity.shape == record_shape::long_form) {
    append_json_member(out, "metric", block.metric);
    append_json_member(out, "unit", block.unit);
  }
  auto group = find(labels, "fueltech_group");
  if (!group) {
    const auto derived = fueltech_group(find(labels, "fueltech").value_or(""));
    if (!derived.empty()) group = derived;
  }
  append_label(out, "fueltech_group", group);
  append_label(out, "network_region", find(labels, "region"));
  append_label(out, "unit_code", find(labels, "unit_code"));
  return out;
}

std::string labels_of(const series_labels& labels, const record_options& options) {
  std::string out;
  append_label(out, "fueltech", find(labels, "fueltech"));
  append_label(out, "status", find(labels, "status"));
  append_label(out, "facility_code", find(labels, "facility_code"));
  const auto renewable = find(labels, "renewable");
  if (renewable && is_boolean(*renewable)) out.append(",\"renewable\":").append(*renewable);
  append_json_member(out, "stream", options.stream);
  append_json_member(out, "grouping", grouping_name(options.identity));
  return out + ",\"revision\":";
}

std::string tail_of(const series_labels& labels, const record_options& options, utc_time fetched_at,
                    std::string_view provisional) {
  std::string out;
  if (options.states_provisional) out.append(",\"provisional\":").append(provisional);
  if (options.backfill) out += ",\"backfill\":true";
  append_json_member(out, "fetched_at", format_utc(fetched_at));
  std::string extra;
  for (const auto& [name, value] : labels) {
    if (!has_own_field(name, value)) append_json_member(extra, name, value);
  }
  if (extra.empty()) return out + "}";
  extra.front() = '{';
  return out + ",\"extra\":" + extra + "}}";
}

}  // namespace

series_pieces make_series_pieces(const metric_block& block, const series& one, const record_options& options,
                                 utc_time fetched_at) {
  series_pieces out;
  auto labels = one.labels;
  labels.insert(labels.end(), one.also.begin(), one.also.end());
  out.key = key_of(block, one.labels, options);
  out.head = head_of(block, labels, options);
  out.null_head = out.head.size();
  out.head += ',';
  out.value_column = options.identity.shape == record_shape::long_form;
  if (out.value_column) {
    append_json_string(out.head, block.metric);
    out.head += ':';
  }
  out.labels = labels_of(labels, options);
  out.tail = tail_of(labels, options, fetched_at, "false");
  out.edge_tail = tail_of(labels, options, fetched_at, "true");
  return out;
}

}  // namespace oes
