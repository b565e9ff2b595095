#pragma once
// Internal to progress/: members and their months ↔ JSON, shared by the records of the topic, progress.json and
// exports.
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "progress/progress_json.hpp"

namespace oes {

/// Months that lie in files of their own: SHA-256 of each one's file.
using sealed_list = std::map<std::chrono::year_month, std::string>;

namespace progress_json {

/// Adds identity, network, start, position, ledger_from and a refresh under way to `object`; times are text with the
/// network's offset. Not the labels.
void put_member(value& object, const member_progress& member, allocator& memory);
/// errc::damaged says which field is wrong. The labels are empty.
result<member_progress> read_member(const value& object);

/// Adds `labels`, and `marks` where there are gaps.
void put_month(value& object, const month_labels& labels, allocator& memory);
result<month_labels> read_month(const value& object, std::chrono::year_month month);

/// Adds `months`: every month but those in `except`, by its name.
void put_months(value& object, const label_history& labels, allocator& memory, const sealed_list& except = {});
/// Every member of a deployment, whole.
value members_value(const progress_state& state, allocator& memory);
/// Of an object that has `months`.
result<label_history> read_months(const value& object);

/// `2026-11`
std::string month_name(std::chrono::year_month month);
/// nullopt: not a month in which labels may lie.
std::optional<std::chrono::year_month> parse_month(std::string_view text);

/// The form of format 1, with everything that is covered and every gap in lists.
result<member_progress> read_first_member(const value& object);
/// A member with its months, as documents have them, in whichever format.
result<member_progress> read_whole_member(const value& object, std::int64_t format);

}  // namespace progress_json

}  // namespace oes
