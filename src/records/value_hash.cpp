#include "records/value_hash.hpp"

#include <algorithm>
#include <charconv>

#include "records/number_value.hpp"

namespace oes {
namespace {

// A number as 0.d1d2d3… × 10^magnitude with d1 and the last digit not zero.
struct decimal {
  std::uint64_t digits = 0;  ///< exact up to 19 digits, modulo 2^64 beyond
  std::int64_t magnitude = 0;
  std::uint32_t count = 0;
  bool negative = false;
};

decimal read(std::string_view number) {
  decimal out;
  std::uint32_t zeros = 0;  // after the last digit that counts: they count only if another follows
  bool fraction = false;
  std::size_t i = 0;
  if (!number.empty() && number.front() == '-') {
    out.negative = true;
    i = 1;
  }
  for (; i < number.size(); ++i) {
    const char c = number[i];
    if (c == '.') {
      fraction = true;
      continue;
    }
    if (c == 'e' || c == 'E') break;
    const bool leading = out.count == 0 && c == '0';
    if (!fraction && !leading) ++out.magnitude;
    if (fraction && leading) --out.magnitude;
    if (leading) continue;
    if (c == '0') {
      ++zeros;
      continue;
    }
    for (; zeros > 0; --zeros, ++out.count) out.digits *= 10;
    out.digits = out.digits * 10 + static_cast<std::uint64_t>(c - '0');
    ++out.count;
  }
  if (i < number.size()) {
    ++i;  // the e
    if (i < number.size() && number[i] == '+') ++i;
    std::int64_t exponent = 0;
    std::from_chars(number.data() + i, number.data() + number.size(), exponent);
    // No double reaches this; a longer text's exponent must not overflow the sum.
    constexpr std::int64_t furthest = 1'000'000'000;
    out.magnitude += std::clamp(exponent, -furthest, furthest);
  }
  if (out.count == 0) return {};
  return out;
}

// The finalizer of MurmurHash3 (public domain): every input bit moves every output bit.
std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 33U;
  x *= 0xff51afd7ed558ccdULL;
  x ^= x >> 33U;
  x *= 0xc4ceb9fe1a85ec53ULL;
  return x ^ (x >> 33U);
}

// A double keeps fifteen digits of any number of usual size, so that its shortest text is the same number.
bool may_lose_digits(const decimal& value) {
  constexpr std::uint32_t digits_kept = 15;
  constexpr std::int64_t usual = 290;
  return value.count > digits_kept || value.magnitude > usual || value.magnitude < -usual;
}

std::uint64_t hash_number(std::string_view number, number_form form) {
  auto value = read(number);
  if (form == number_form::as_double && may_lose_digits(value)) value = read(shortest_number(double_of(number)));
  const auto shape = (static_cast<std::uint64_t>(value.magnitude) << 17U) ^ (std::uint64_t{value.count} << 1U) ^
                     static_cast<std::uint64_t>(value.negative);
  return mix(value.digits + mix(shape + 0x9e3779b97f4a7c15ULL));
}

// FNV-1a.
std::uint64_t hash_name(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash;
}

void drop(std::string_view& text, std::size_t count) { text.remove_prefix(std::min(text.size(), count)); }

// A sum over the columns, so that their order does not count. Metric names hold neither quote nor comma; a text that is
// no columns has some hash too, since what others write into a topic may come here.
std::uint64_t hash_columns(std::string_view columns, number_form form) {
  std::uint64_t sum = 0;
  column_set held = 0;
  while (!columns.empty()) {
    drop(columns, 1);
    const auto name = columns.substr(0, columns.find('"'));
    drop(columns, name.size() + 2);
    const auto number = columns.substr(0, columns.find(','));
    drop(columns, number.size() + 1);
    sum += mix(hash_name(name) ^ hash_number(number, form));
    held |= column_of(name);
  }
  return (mix(sum) & ~std::uint64_t{all_columns}) | held;
}

bool is_columns(std::string_view number) { return !number.empty() && number.front() == '"'; }

}  // namespace

std::uint64_t value_hash(std::string_view number, number_form form) {
  if (number.empty()) return null_hash;
  const auto hash = is_columns(number) ? hash_columns(number, form) : hash_number(number, form);
  return hash <= null_hash ? hash + 2 : hash;
}

column_set columns_of(std::uint64_t hash, column_set own) {
  const auto told = static_cast<column_set>(hash & std::uint64_t{all_columns});
  return hash == null_hash || (told & ~own) != 0 ? 0 : told;
}

bool same_value(std::string_view number, std::uint64_t hash, number_form form) {
  const auto differs = value_hash(number, form) ^ hash;
  return is_columns(number) ? differs >> column_bits == 0 : differs == 0;
}

}  // namespace oes
