#pragma once
// One key of the configuration: what it may hold, and what it was given.
#include <chrono>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "config/problem_log.hpp"
#include "config/setting_value.hpp"

namespace oes {

enum class value_kind {
  text,
  secret,       ///< text that is never shown
  proxy_url,    ///< text of which user and password are never shown
  secret_file,  ///< path of a file that holds the secret of the key without `_file`
  file,         ///< path of a file that must be readable
  flag,
  integer,
  number,
  duration,
  size,         ///< bytes
  choice,       ///< one of `key_info::choices`
  text_list,    ///< a single text is accepted too
  properties,   ///< a map of texts
  start,        ///< ISO time, `-6h` or `latest`
  time_of_day,  ///< `HH:MM`, UTC
  instant       ///< ISO time with offset
};

/// What may be said of a key beyond its kind.
struct key_rules {
  std::vector<std::string_view> env = {};  ///< variables that are read where the file says nothing; the first one set
  double lowest = -std::numeric_limits<double>::infinity();  ///< milliseconds, bytes or the number itself
  double highest = std::numeric_limits<double>::infinity();
  bool above_lowest = false;  ///< `lowest` itself is not allowed
  bool not_empty = false;     ///< a list must have an item
  std::vector<std::string> choices = {};
  /// Further check of a text, or of each text of a list: what is wrong with it, empty when nothing.
  std::string (*check)(const std::string& text) = nullptr;
};

/// One row of the table of keys, from which everything is derived: parsing, checks, suggestions, print-config, the JSON
/// Schema and the test of the reference file.
struct key_info {
  std::string_view path;  ///< dotted, from the root or from the stream
  value_kind kind;
  std::string_view standard;  ///< the default as it would be written; empty: none
  std::string_view doc;       ///< one line
  key_rules rules = {};
};

/// A row, and where its value goes.
template <class Target>
struct key_row {
  key_info info;
  void (*store)(Target& target, const setting_value& value);
};

enum class setting_origin { by_default, from_environment, from_file };

struct setting {
  setting_value value;
  setting_origin origin = setting_origin::by_default;
  source_position at;    ///< of the value in the file
  bool refused = false;  ///< it was given, but wrong (reported): the default stands in, so that checks can go on
  std::string key;       ///< as problems name it, `streams[1].metrics`, `defaults.metrics`
  std::vector<source_position> item_at;      ///< of a list's items
  std::vector<source_position> property_at;  ///< of a map's keys
  [[nodiscard]] bool is_set() const { return !std::holds_alternative<std::monostate>(value); }
};

/// By `key_info::path`; every key of the table is there.
using setting_map = std::map<std::string, setting, std::less<>>;

/// What a kind is called in messages: `a duration such as 5m or 1h30m`.
std::string allowed(const key_info& info);
/// The canonical spelling of a scalar value, the same that is read back; not for secrets.
std::string format_scalar(value_kind kind, const setting_value& value);

}  // namespace oes
