#pragma once
// How far a job is that takes its time, as a value and as a line of JSON between the question and the answer.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/error.hpp"

namespace oes {

struct job_progress {
  std::int64_t done = 0;  ///< chunks
  std::int64_t of = 0;
  std::int64_t records = 0;
  std::int64_t requests = 0;
  std::string from;  ///< of the chunk under way
  std::string to;
  std::string waits_for;  ///< empty: it goes on
  std::string until;      ///< when it goes on, where that is known
  std::optional<std::int64_t> seconds_left;
};

/// `{"v":1,"progress":{…}}`
std::string to_line(const job_progress& news);
/// nullopt: the line is an answer. malformed: neither.
result<std::optional<job_progress>> progress_from_line(std::string_view line);

}  // namespace oes
