#pragma once
// What the processes before this one died of while they worked for a stream: lines that last_words appends to a file in
// progress_path, removed when the stream works again.
#include <string>
#include <string_view>
#include <vector>

#include "model/error.hpp"
#include "model/time.hpp"

namespace oes {

struct unexpected_end {
  utc_time at{};
  std::string who;     ///< the name of the coroutine: its stream
  std::string window;  ///< what it was at work on
  std::string cause;
};

/// In the order of the lines. A line that is no entry, or lacks its end (the process was killed while it wrote), is
/// passed over.
std::vector<unexpected_end> unexpected_ends_in(std::string_view text);
std::string text_of(const std::vector<unexpected_end>& ends);

/// The file in `folder`: what last_words is given.
std::string unexpected_ends_file(const std::string& folder);
/// None where there is no file. The newest hundred.
std::vector<unexpected_end> read_unexpected_ends(const std::string& folder);
result<void> write_unexpected_ends(const std::string& folder, const std::vector<unexpected_end>& ends);

}  // namespace oes
