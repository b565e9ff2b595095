#include "avro/record_reader.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <variant>

#include "avro/byte_reader.hpp"
#include "model/network.hpp"
#include "model/time.hpp"
#include "model/utf8.hpp"
#include "records/avro_schema.hpp"
#include "records/json_text.hpp"
#include "records/number_value.hpp"

namespace oes::avro {
namespace {

constexpr utc_time earliest{std::chrono::sys_days(std::chrono::year(1900) / 1 / 1)};
constexpr utc_time latest{std::chrono::sys_days(std::chrono::year(2200) / 1 / 1)};

struct no_value {};
struct json_text {
  std::string text;
};
/// `"name":1.5,…`, without braces.
struct members {
  std::string text;
};
using read_value = std::variant<no_value, json_text, std::string_view, utc_time, members>;

error does_not_fit(const std::string& what) { return {errc::damaged, what + " does not fit the writer's schema"}; }

class reading {
 public:
  explicit reading(std::string_view body) : bytes_(body) {}

  std::optional<read_value> value(const type& as) {
    switch (as.kind) {
      case type_kind::null_value:
        return no_value{};
      case type_kind::boolean:
        if (const auto flag = bytes_.take_bool()) return json_text{*flag ? "true" : "false"};
        return std::nullopt;
      case type_kind::integer:
        return integer(as);
      case type_kind::single:
        return number(bytes_.take_float());
      case type_kind::number:
        return number(bytes_.take_double());
      case type_kind::text:
        if (const auto text = bytes_.take_text(); text && is_utf8(*text)) return *text;
        return std::nullopt;
      case type_kind::map:
        return map(as.of.front());
      case type_kind::either:
        return branch(as);
    }
    return std::nullopt;
  }
  [[nodiscard]] bool is_over() const { return bytes_.is_empty(); }

 private:
  std::optional<read_value> integer(const type& as) {
    const auto whole = bytes_.take_long();
    if (!whole) return std::nullopt;
    if (!as.is_instant) return json_text{std::to_string(*whole)};
    const utc_time at{std::chrono::microseconds(*whole)};
    if (at < earliest || at >= latest) return std::nullopt;
    return at;
  }

  static std::optional<read_value> number(std::optional<double> read) {
    if (!read || std::isnan(*read)) return std::nullopt;
    return json_text{shortest_number(*read)};
  }

  std::optional<read_value> branch(const type& as) {
    const auto index = bytes_.take_long();
    if (!index || *index < 0 || static_cast<std::uint64_t>(*index) >= as.of.size()) return std::nullopt;
    return value(as.of[static_cast<std::size_t>(*index)]);
  }

  // Blocks of entries, the last one empty. One of a negative size states its bytes too.
  std::optional<read_value> map(const type& of) {
    members out;
    while (true) {
      auto count = bytes_.take_long();
      if (!count) return std::nullopt;
      if (*count == 0) return out;
      if (*count < 0) {
        if (*count == INT64_MIN || !bytes_.take_long()) return std::nullopt;
        count = -*count;
      }
      for (; *count > 0; --*count) {
        if (!entry(of, out.text)) return std::nullopt;
      }
    }
  }

  // Each takes a byte at least, so that no count makes this endless.
  bool entry(const type& of, std::string& to) {
    const auto name = bytes_.take_text();
    if (!name || !is_utf8(*name)) return false;
    const auto held = value(of);
    if (!held) return false;
    if (!to.empty()) to += ',';
    append_json_string(to, *name);
    to += ':';
    if (const auto* const text = std::get_if<std::string_view>(&*held)) {
      append_json_string(to, *text);
    } else if (const auto* const json = std::get_if<json_text>(&*held)) {
      to += json->text;
    } else {
      return false;
    }
    return true;
  }

  byte_reader bytes_;
};

std::string instant_text(const std::string& field, utc_time at, network net) {
  if (field == "interval")
    return format(std::chrono::floor<std::chrono::seconds>(to_network_time(at, net)), utc_offset(net));
  if (field == "fetched_at") return format_utc(at);
  return format_utc_seconds(at);
}

void append(std::string& to, const std::string& field, const read_value& held, network net) {
  if (const auto* const text = std::get_if<std::string_view>(&held)) {
    append_json_member(to, field, *text);
  } else if (const auto* const at = std::get_if<utc_time>(&held)) {
    append_json_member(to, field, instant_text(field, *at, net));
  } else if (const auto* const json = std::get_if<json_text>(&held)) {
    to += ',';
    append_json_string(to, field);
    to.append(":").append(json->text);
  } else if (const auto* const map = std::get_if<members>(&held); map != nullptr && !map->text.empty()) {
    to += ',';
    if (field == extra_values_field) {
      to += map->text;
      return;
    }
    append_json_string(to, field);
    to.append(":{").append(map->text).append("}");
  }
}

std::vector<std::string_view> fields_of_today(const std::string& record) {
  const bool of_list = record == avro_record_name(record_kind::facility_unit);
  std::vector<std::string_view> out;
  for (const auto& field : of_list ? facility_list_schema() : record_schema()) {
    if (field.name == "value") out.push_back(extra_values_field);
    out.push_back(field.name);
  }
  return out;
}

}  // namespace

record_reader::record_reader(writer_schema written) : written_(std::move(written)) {
  const auto today = fields_of_today(written_.name);
  const auto place = [&](std::size_t i) {
    return std::find(today.begin(), today.end(), written_.fields[i].name) - today.begin();
  };
  for (std::size_t i = 0; i < written_.fields.size(); ++i) order_.push_back(i);
  std::stable_sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) { return place(a) < place(b); });
}

result<std::string> record_reader::json(std::string_view body) const {
  reading bytes(body);
  std::vector<read_value> held;
  held.reserve(written_.fields.size());
  auto net = network::nem;
  bool has_metric = false;
  for (const auto& field : written_.fields) {
    auto one = bytes.value(field.holds);
    if (!one) return does_not_fit("field " + field.name);
    const auto* const text = std::get_if<std::string_view>(&*one);
    if (text != nullptr && field.name == "network_code") net = parse_network(*text).value_or(net);
    has_metric = has_metric || (text != nullptr && field.name == "metric");
    held.push_back(std::move(*one));
  }
  if (!bytes.is_over()) return does_not_fit("what stands after the last field");
  std::string out;
  for (const auto i : order_) {
    const auto& name = written_.fields[i].name;
    // A long record says that there is no number; everything else that is null is left out.
    const bool says_null = has_metric && name == "value" && std::holds_alternative<no_value>(held[i]);
    if (says_null) {
      out += ",\"value\":null";
    } else {
      append(out, name, held[i], net);
    }
  }
  if (out.empty()) return std::string("{}");
  out.front() = '{';
  return out + "}";
}

}  // namespace oes::avro
