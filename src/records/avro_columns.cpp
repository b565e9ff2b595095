#include "records/avro_columns.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstring>
#include <vector>

#include "model/metric.hpp"
#include "records/avro_wire.hpp"
#include "records/number_value.hpp"
#include "records/schema.hpp"

namespace oes::avro_columns {
namespace {

constexpr std::size_t most_columns = 64;

const std::vector<std::string_view>& names() {
  static const auto all = [] {
    std::vector<std::string_view> out;
    for (const auto& field : record_schema()) {
      if (field.type == field_type::number && field.name != "value") out.push_back(field.name);
    }
    out.resize(std::min(out.size(), most_columns));
    return out;
  }();
  return all;
}

struct column {
  std::string_view name;
  std::string_view number;
};

// Takes the first one off.
column take(std::string_view& columns) {
  const auto name_end = columns.find('"', 1);
  const auto end = std::min(columns.find(',', name_end), columns.size());
  const column out{columns.substr(1, name_end - 1), columns.substr(name_end + 2, end - name_end - 2)};
  columns.remove_prefix(std::min(end + 1, columns.size()));
  return out;
}

char* put_extra(char* at, const column* begin, const column* end) {
  if (begin == end) {
    *at++ = avro::no_value;
    return at;
  }
  *at++ = avro::a_value;
  at = avro::put_long(at, end - begin);
  for (; begin != end; ++begin) {
    at = avro::put_long(at, static_cast<std::int64_t>(begin->name.size()));
    std::memcpy(at, begin->name.data(), begin->name.size());
    at = avro::put_double(at + begin->name.size(), double_of(begin->number));
  }
  *at++ = '\0';
  return at;
}

}  // namespace

std::size_t count() { return names().size(); }
std::string_view first() { return names().front(); }

std::optional<std::size_t> place_of(std::string_view metric, std::size_t hint) {
  const auto& all = names();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto at = (hint + i) % all.size();
    if (all[at] == metric) return at;
  }
  return std::nullopt;
}

char* put(char* at, std::string_view columns) {
  std::array<double, most_columns> numbers;  // NOLINT(cppcoreguidelines-pro-type-member-init): only those in `set`
  std::bitset<most_columns> set;
  std::vector<column> extra;
  std::size_t next = 0;
  while (!columns.empty()) {
    const auto one = take(columns);
    const auto place = place_of(one.name, next);
    if (!place) {
      extra.push_back(one);
      continue;
    }
    numbers[*place] = double_of(one.number);
    set.set(*place);
    next = *place + 1;
  }
  for (std::size_t i = 0; i < count(); ++i) {
    *at++ = set[i] ? avro::a_value : avro::no_value;
    if (set[i]) at = avro::put_double(at, numbers[i]);
  }
  at = put_extra(at, extra.data(), extra.data() + extra.size());
  *at++ = avro::no_value;  // `value`
  return at;
}

// A column that is known takes nine bytes; one that is not, its name and nine or ten, where its text has its name, four
// characters and a digit.
std::size_t most_of(std::size_t size) { return 9 * count() + 2 * avro::longest_long + 3 * size; }

}  // namespace oes::avro_columns
