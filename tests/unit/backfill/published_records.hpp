#pragma once
// What a reader of the fake topics finds in the records of one metric without groupings.
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/range_set.hpp"
#include "records/published_points.hpp"
#include "records/value_hash.hpp"
#include "support/times.hpp"

namespace oes::test {

using record_list = std::vector<std::pair<std::string, std::string>>;

/// The text of a field; of one that is not there, nothing.
inline std::string field_in(const std::string& record, const std::string& name) {
  const auto begin = record.find("\"" + name + "\":");
  if (begin == std::string::npos) return {};
  const auto from = begin + name.size() + 3;
  return record.substr(from, record.find_first_of(",}", from) - from);
}

inline network_time label_in(const std::string& key) { return at(key.substr(key.rfind('|') + 1, 19)); }

inline bool is_of(const std::string& key, const std::string& metric) {
  return key.find("|" + metric + "|") != std::string::npos;
}

/// As app/published_before reads the topics.
inline published_points known_of(const record_list& records, const std::string& metric, interval_size interval,
                                 const range_set& labels) {
  published_points known(interval);
  const auto id = known.add({});
  for (const auto& [key, value] : records) {
    const auto label = label_in(key);
    if (!is_of(key, metric) || !labels.contains(label)) continue;
    const auto number = field_in(value, metric);
    const auto hash = number.empty() ? null_hash : value_hash(number);
    known.put(id, label, {hash, static_cast<std::uint16_t>(std::stoi(field_in(value, "revision")))});
  }
  return known;
}

/// The first record whose key and revision were there before; empty: none.
inline std::string repeated_in(const record_list& records) {
  std::set<std::pair<std::string, std::string>> seen;
  for (const auto& [key, value] : records) {
    if (!seen.emplace(key, field_in(value, "revision")).second) return std::string(key).append(" ").append(value);
  }
  return {};
}

}  // namespace oes::test
