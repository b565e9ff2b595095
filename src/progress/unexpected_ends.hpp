#pragma once
// The file in progress_path in which a dying process leaves what it was at work on (async/last_words): a line each,
// tabs between: microseconds since 1970, stream, dataset, place, window, cause.
#include <string>
#include <string_view>

#include "model/end_history.hpp"
#include "model/error.hpp"

namespace oes {

/// What last_words appends, between the time and the cause.
std::string entry_of(const work_in_hand& work);

/// A line that is no entry, or lacks its end (the process was killed while it wrote), is passed over.
std::vector<unexpected_end> unexpected_ends_in(std::string_view text);
std::string text_of(const std::vector<unexpected_end>& ends);

/// The file in `folder`: what last_words is given.
std::string unexpected_ends_file(const std::string& folder);
/// None where there is no file. damaged: it cannot be read, and why.
result<std::vector<unexpected_end>> read_unexpected_ends(const std::string& folder);
/// Made where it is missing: a dying process only appends.
result<void> prepare_unexpected_ends(const std::string& folder);
result<void> write_unexpected_ends(const std::string& folder, const std::vector<unexpected_end>& ends);

}  // namespace oes
