#include "records/record_text.hpp"

#include <algorithm>
#include <charconv>

#include "model/time.hpp"
#include "records/avro_wire.hpp"
#include "records/interval_bounds.hpp"
#include "records/json_text.hpp"

namespace oes {
namespace {

constexpr std::string_view value_begin = "{\"interval\":\"";
constexpr std::string_view value_column = ",\"value\":";
constexpr std::string_view version_column = ",\"version\":";
// Digits of a 16-bit revision and a 64-bit version, and the quote after the interval.
constexpr std::size_t room_for_digits = 5 + 19 + 1;

char* put_revision(char* at, std::uint16_t revision) {
  if (revision > 9) return std::to_chars(at, at + 5, revision).ptr;
  *at = static_cast<char>('0' + revision);
  return at + 1;
}

std::int64_t micros(utc_time instant) { return instant.time_since_epoch().count(); }

}  // namespace

label_text::label_text(network_time label, network net, interval_size size) : interval(format(label, utc_offset(net))) {
  append_json_member(period, "interval_size", code(size));
  avro::append_long(avro_interval, micros(to_utc(label, net)));
  avro::append_text(avro_period, code(size));
  const auto bounds = bounds_of(label, net, size);
  if (!bounds) {
    avro_period.append(2, avro::no_value);
    return;
  }
  append_json_member(period, "interval_start", format_utc_seconds(bounds->start));
  append_json_member(period, "interval_end", format_utc_seconds(bounds->end));
  for (const auto instant : {bounds->start, bounds->end}) {
    avro_period += avro::a_value;
    avro::append_long(avro_period, micros(instant));
  }
}

std::size_t fixed_size(const series_pieces& p) {
  return p.key.size() + value_begin.size() + p.head.size() + value_column.size() + p.labels.size() +
         version_column.size() + p.tail.size() + room_for_digits;
}

std::size_t most_of_number(std::size_t size) { return std::max<std::size_t>(4, 2UL * size); }

char* put_key(char* at, std::string_view key, const label_text& label, interval_in_key where) {
  at = put(at, key);
  return where == interval_in_key::yes ? put(at, label.interval) : at;
}

char* put_value(char* at, const series_pieces& pieces, const label_text& label, const record_point& point) {
  auto number = point.number;
  at = put(at, value_begin);
  at = put(at, label.interval);
  *at++ = '"';
  if (number.empty()) {
    at = put(at, std::string_view(pieces.head).substr(0, pieces.null_head));
    number = "null";  // only for `value`
  } else {
    at = put(at, pieces.head);
    at = put(at, number);
  }
  if (pieces.value_column) {
    at = put(at, value_column);
    at = put(at, number);
  }
  at = put(at, label.period);
  at = put(at, pieces.labels);
  at = put_revision(at, point.revision);
  at = put(at, version_column);
  at = put(at, point.version_text);
  return put(at, point.tail);
}

}  // namespace oes
