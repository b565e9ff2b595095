#include "records/series_pieces.hpp"

#include <optional>

#include "records/json_text.hpp"
#include "records/record_key.hpp"
#include "records/series_fields.hpp"

namespace oes {
namespace {

void append_label(std::string& to, std::string_view field, std::optional<std::string_view> value) {
  if (value) append_json_member(to, field, *value);
}

std::string head_of(const metric_block& block, const series_fields& fields, const record_options& options) {
  std::string out;
  append_json_member(out, "network_code", code(options.identity.net));
  if (options.identity.shape == record_shape::long_form) {
    append_json_member(out, "metric", block.metric);
    append_json_member(out, "unit", block.unit);
  }
  append_label(out, "fueltech_group", fields.fueltech_group);
  append_label(out, "network_region", fields.network_region);
  append_label(out, "unit_code", fields.unit_code);
  return out;
}

std::string labels_of(const series_fields& fields, const record_options& options) {
  std::string out;
  append_label(out, "fueltech", fields.fueltech);
  append_label(out, "status", fields.status);
  append_label(out, "facility_code", fields.facility_code);
  if (fields.renewable) out.append(",\"renewable\":").append(*fields.renewable);
  append_json_member(out, "stream", options.stream);
  append_json_member(out, "grouping", grouping_name(options.identity));
  return out + ",\"revision\":";
}

std::string tail_of(const series_fields& fields, const record_options& options, utc_time fetched_at,
                    std::string_view provisional) {
  std::string out;
  if (options.states_provisional) out.append(",\"provisional\":").append(provisional);
  if (options.backfill) out += ",\"backfill\":true";
  append_json_member(out, "fetched_at", format_utc(fetched_at));
  std::string extra;
  for (const auto& [name, value] : fields.extra) append_json_member(extra, name, value);
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
  const auto fields = fields_of(labels);
  out.key = key_without_interval(block, one.labels, options);
  out.head = head_of(block, fields, options);
  out.null_head = out.head.size();
  out.head += ',';
  out.value_column = options.identity.shape == record_shape::long_form;
  if (out.value_column) {
    append_json_string(out.head, block.metric);
    out.head += ':';
  }
  out.labels = labels_of(fields, options);
  out.tail = tail_of(fields, options, fetched_at, "false");
  out.edge_tail = tail_of(fields, options, fetched_at, "true");
  return out;
}

}  // namespace oes
