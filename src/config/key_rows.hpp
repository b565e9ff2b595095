#pragma once
// What the files of the daemon's keys share: each adds the rows of some sections, and daemon_keys.cpp puts them in
// order.
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "config/settings_table.hpp"

namespace oes {

using daemon_rows = std::vector<key_row<configuration>>;

void add_api_rows(daemon_rows& rows);
void add_budget_rows(daemon_rows& rows);
void add_schedule_rows(daemon_rows& rows);  ///< retry, schedule
void add_kafka_rows(daemon_rows& rows);
void add_registry_rows(daemon_rows& rows);
void add_telemetry_rows(daemon_rows& rows);  ///< http, log

/// Units of a row's bounds, and readers of its value.
namespace key_value {

using std::chrono::milliseconds;
using target = configuration;
using kind = value_kind;

inline constexpr double second = 1000;
inline constexpr double minute = 60 * second;
inline constexpr double hour = 60 * minute;
inline constexpr double kib = 1024;
inline constexpr double mib = 1024 * kib;
inline constexpr double gib = 1024 * mib;

inline const std::string& text(const setting_value& v) { return as<std::string>(v); }
inline milliseconds span(const setting_value& v) { return as<milliseconds>(v); }
inline std::chrono::seconds whole(const setting_value& v) { return std::chrono::floor<std::chrono::seconds>(span(v)); }
inline std::size_t count(const setting_value& v) { return static_cast<std::size_t>(as<std::int64_t>(v)); }

}  // namespace key_value
}  // namespace oes
