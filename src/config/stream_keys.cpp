#include <algorithm>

#include "config/key_rows.hpp"
#include "config/quantity.hpp"
#include "config/re_read_text.hpp"
#include "config/settings_table.hpp"
#include "config/text_checks.hpp"

namespace oes {
namespace {

using namespace key_value;
using std::chrono::seconds;
using row = key_row<stream_spec>;

constexpr double day = 24 * hour;

const std::vector<std::string>& texts(const setting_value& v) { return as<std::vector<std::string>>(v); }

// The text was checked by the scalar reader. An offset is converted to the stream's network, whose row came before.
stream_start to_start(const std::string& written, network net) {
  if (written == "latest") return start_latest{};
  if (written.starts_with('-')) {
    return std::chrono::floor<seconds>(parse_duration(std::string_view(written).substr(1)).value_or(seconds(0)));
  }
  if (const auto naive = parse_network_time(written)) return *naive;
  if (const auto date = parse_network_time(written + "T00:00:00")) return *date;
  return to_network_time(parse_utc(written).value_or(utc_time()), net);
}

void add_what_rows(std::vector<row>& rows) {
  rows.push_back(
      {{"name", kind::text, "", "Name of the stream, unique: progress is kept under it.", {.check = check_stream_name}},
       [](stream_spec& s, const setting_value& v) { s.name = text(v); }});
  rows.push_back(
      {{"network_code",
        kind::choice,
        "NEM",
        "NEM, WEM or AU. Prefer NEM and WEM streams to AU.",
        {.choices = {"NEM", "WEM", "AU"}}},
       [](stream_spec& s, const setting_value& v) { s.net = parse_network(text(v)).value_or(network::nem); }});
  rows.push_back({{"metrics",
                   kind::text_list,
                   "power",
                   "Any mix of data and market metrics; the endpoint is picked per metric.",
                   {.not_empty = true, .check = check_metric}},
                  [](stream_spec& s, const setting_value& v) { s.metrics = texts(v); }});
  rows.push_back({{"interval",
                   kind::choice,
                   "5m",
                   "Size of the API's intervals; case matters: 1M is a month.",
                   {.choices = {"5m", "1h", "1d", "7d", "1M", "3M", "season", "1y", "fy"}}},
                  [](stream_spec& s, const setting_value& v) {
                    s.interval = parse_interval_size(text(v)).value_or(interval_size::m5);
                  }});
  rows.push_back({{"batch_size_hours",
                   kind::number,
                   "",
                   "Cap on the hours asked for in one request; unset: as much as the plan allows.",
                   {.lowest = 0, .highest = 24 * 366 * 100.0, .above_lowest = true}},
                  [](stream_spec& s, const setting_value& v) {
                    s.batch_size = seconds(std::max<std::int64_t>(1, static_cast<std::int64_t>(as<double>(v) * 3600)));
                  }});
  rows.push_back({{"primary_grouping",
                   kind::choice,
                   "network",
                   "One series for the network, or one per region.",
                   {.choices = {"network", "network_region"}}},
                  [](stream_spec& s, const setting_value& v) {
                    s.primary = parse_primary_grouping(text(v)).value_or(primary_grouping::network);
                  }});
  rows.push_back({{"secondary_grouping",
                   kind::choice,
                   "none",
                   "A further split of data metrics; market metrics have none.",
                   {.choices = {"none", "fueltech", "fueltech_group", "status", "renewable"}}},
                  [](stream_spec& s, const setting_value& v) {
                    s.secondary = parse_secondary_grouping(text(v)).value_or(secondary_grouping::none);
                  }});
  rows.push_back({{"network_region", kind::text, "", "Only this region, e.g. NSW1; groups by region."},
                  [](stream_spec& s, const setting_value& v) { s.filter.network_region = text(v); }});
  rows.push_back({{"fueltech",
                   kind::text_list,
                   "",
                   "Only these fueltechs, e.g. wind; groups data metrics by fueltech.",
                   {.check = check_not_empty}},
                  [](stream_spec& s, const setting_value& v) { s.filter.fueltechs = texts(v); }});
  rows.push_back({{"fueltech_group",
                   kind::text_list,
                   "",
                   "Only these groups of fueltechs, e.g. solar; groups data metrics by fueltech_group.",
                   {.check = check_not_empty}},
                  [](stream_spec& s, const setting_value& v) { s.filter.fueltech_groups = texts(v); }});
  rows.push_back({{"facility_code",
                   kind::text_list,
                   "",
                   "Series of units: all, or the codes of facilities; region and fueltechs then choose among them.",
                   {.check = check_not_empty}},
                  [](stream_spec& s, const setting_value& v) { s.filter.facility_codes = texts(v); }});
}

void add_when_rows(std::vector<row>& rows) {
  rows.push_back(
      {{"start", kind::start, "-24h", "Where a stream without progress begins: a time, a span before now, or latest."},
       [](stream_spec& s, const setting_value& v) { s.start = to_start(text(v), s.net); }});
  rows.push_back(
      {{"trigger", kind::duration, "5m", "How often the stream is polled.", {.lowest = second, .highest = 366 * day}},
       [](stream_spec& s, const setting_value& v) { s.trigger = whole(v); }});
  rows.push_back({{"edge",
                   kind::choice,
                   "held_back",
                   "held_back: publish closed intervals only; provisional: the newest too, revised later.",
                   {.choices = {"held_back", "provisional"}}},
                  [](stream_spec& s, const setting_value& v) {
                    s.edge = text(v) == "provisional" ? edge_policy::provisional : edge_policy::held_back;
                  }});
  rows.push_back({{"revisions",
                   kind::choice,
                   "all",
                   "all: each change of a value is a record; first: each point is published once.",
                   {.choices = {"all", "first"}}},
                  [](stream_spec& s, const setting_value& v) {
                    s.revisions = text(v) == "first" ? revision_policy::first : revision_policy::all;
                  }});
  rows.push_back({{"re_read",
                   kind::text_list,
                   "",
                   "How far back is read again, and when (network time); unset: what suits the API's revisions.",
                   {.check = check_re_read}},
                  [](stream_spec& s, const setting_value& v) {
                    for (const auto& text : texts(v)) s.re_reads.push_back(parse_re_read(text).value_or(re_read{}));
                  }});
  rows.push_back({{"publish_after",
                   kind::duration,
                   "0s",
                   "Hold each point back this long, so that its value has settled (72h with revisions: first).",
                   {.lowest = 0, .highest = 366 * day}},
                  [](stream_spec& s, const setting_value& v) { s.publish_after = whole(v); }});
  rows.push_back({{"publish_nulls", kind::flag, "false", "Publish points that have no value when first seen."},
                  [](stream_spec& s, const setting_value& v) { s.publish_nulls = as<bool>(v); }});
  rows.push_back({{"priority",
                   kind::integer,
                   "0",
                   "Higher goes first when credits are scarce.",
                   {.lowest = -1000, .highest = 1000}},
                  [](stream_spec& s, const setting_value& v) { s.priority = static_cast<int>(as<std::int64_t>(v)); }});
}

void add_record_rows(std::vector<row>& rows) {
  rows.push_back({{"topic",
                   kind::text,
                   "openelectricity.{dataset}.{interval}.v1",
                   "Topic of the records; {dataset} {network} {metric} {interval} {stream} are filled in.",
                   {.check = check_topic_template}},
                  [](stream_spec& s, const setting_value& v) { s.topic = text(v); }});
  rows.push_back({{"record.key",
                   kind::choice,
                   "point",
                   "point: one key per point, for compacted topics and MERGE; series: one key per series.",
                   {.choices = {"point", "series"}}},
                  [](stream_spec& s, const setting_value& v) {
                    s.key = text(v) == "series" ? record_key_policy::series : record_key_policy::point;
                  }});
  rows.push_back({{"record.format",
                   kind::choice,
                   "json",
                   "json; avro: binary, with the schema in schema_registry. One topic has one format.",
                   {.choices = {"json", "avro"}}},
                  [](stream_spec& s, const setting_value& v) {
                    s.format = text(v) == "avro" ? record_format::avro : record_format::json;
                  }});
  rows.push_back({{"record.headers",
                   kind::choice,
                   "none",
                   "schema: a header that names the record's schema; costs CPU on every record.",
                   {.choices = {"none", "schema"}}},
                  [](stream_spec& s, const setting_value& v) { s.schema_header = text(v) == "schema"; }});
  rows.push_back({{"record.shape",
                   kind::choice,
                   "long",
                   "long: one record per metric and point; wide: one per point with a column per metric.",
                   {.choices = {"long", "wide"}}},
                  [](stream_spec& s, const setting_value& v) {
                    s.shape = text(v) == "wide" ? record_shape::wide : record_shape::long_form;
                  }});
}

std::vector<row> make_stream_rows() {
  std::vector<row> rows;
  add_what_rows(rows);
  add_when_rows(rows);
  add_record_rows(rows);
  return rows;
}

}  // namespace

const std::vector<key_row<stream_spec>>& stream_keys() {
  static const auto rows = make_stream_rows();
  return rows;
}

}  // namespace oes
