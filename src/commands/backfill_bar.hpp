#pragma once
// How far a backfill is, for who waits for it: a bar that is drawn over itself on a terminal, else plain lines.
#include <chrono>
#include <cstddef>
#include <iosfwd>
#include <string>

#include "operate/job_progress.hpp"

namespace oes {

enum class paper { terminal, plain };

/// One line without newline, at most `width` columns wide.
std::string bar_text(const std::string& stream, const job_progress& news, std::size_t width);
/// The same for a log.
std::string plain_text(const job_progress& news);

class backfill_bar {
 public:
  backfill_bar(std::ostream& out, paper kind, std::string stream)
      : out_(out), kind_(kind), stream_(std::move(stream)) {}
  void show(const job_progress& news);
  /// The line below the bar is free again.
  void end();

 private:
  std::ostream& out_;
  paper kind_;
  std::string stream_;
  std::string last_;
  bool drawn_ = false;
};

}  // namespace oes
