#pragma once
// Internal to progress/: months of progress.json that lie in files of their own beside it, each written once and named
// by its content. The text is pure.
#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/error.hpp"
#include "model/progress.hpp"
#include "progress/member_json.hpp"

namespace oes {

/// Beside progress.json.
inline constexpr std::string_view sealed_folder = "progress.months";

/// One month of every member.
using month_blocks = std::vector<std::pair<member_key, label_history::block>>;

/// `2026-10-<the beginning of its SHA-256>.json`
std::string sealed_name(std::chrono::year_month month, std::string_view sha256);

/// Where progress.json's own months begin: the newest position's, and the one before, which is still read again. What
/// is older is sealed, and written again only when a backfill, or a slower stream, touches it.
std::chrono::year_month first_open_month(const progress_state& state);
std::map<std::chrono::year_month, month_blocks> sealed_months_of(const progress_state& state);

std::string write_sealed_month(std::chrono::year_month month, const month_blocks& blocks);
/// Puts the month's labels into the members that are there. damaged: what is wrong.
result<void> read_sealed_month(std::string_view text, std::chrono::year_month month, progress_state& into);

}  // namespace oes
