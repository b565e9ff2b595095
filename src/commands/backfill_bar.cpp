#include "commands/backfill_bar.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <ostream>

#include "telemetry/human_text.hpp"

namespace oes {
namespace {

constexpr std::size_t cells = 24;
constexpr std::size_t usual_width = 100;

std::size_t terminal_width() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return usual_width;
  return size.ws_col;
}

// `2025-03-01T00:00:00` → `2025-03-01 00:00`
std::string date_and_minute(const std::string& text) {
  constexpr std::size_t date = 10;
  constexpr std::size_t minutes = 16;
  if (text.size() < minutes) return text;
  return text.substr(0, date) + " " + text.substr(date + 1, minutes - date - 1);
}

std::string count(std::int64_t n, const std::string& what) { return grouped(n) + " " + what + (n == 1 ? "" : "s"); }

std::string drawn_cells(const job_progress& news) {
  const auto of = std::max<std::int64_t>(news.of, 1);
  const auto full = std::min(cells, cells * static_cast<std::size_t>(news.done) / static_cast<std::size_t>(of));
  return "[" + std::string(full, '#') + std::string(cells - full, '.') + "]";
}

std::string waiting(const job_progress& news) {
  return (news.until.empty() ? "" : "waits until " + news.until + ": ") + news.waits_for;
}

}  // namespace

std::string bar_text(const std::string& stream, const job_progress& news, std::size_t width) {
  auto line = stream + " " + drawn_cells(news) + " " + std::to_string(news.done) + "/" + std::to_string(news.of);
  if (!news.waits_for.empty()) {
    line += "  " + waiting(news);
  } else {
    if (news.seconds_left) line += "  " + duration_words(*news.seconds_left) + " left";
    line += "  " + count(news.records, "record") + "  " + count(news.requests, "request");
    if (!news.from.empty()) line += "  " + date_and_minute(news.from);
  }
  return line.substr(0, width);
}

std::string plain_text(const job_progress& news) {
  auto line = "chunk " + std::to_string(news.done) + " of " + std::to_string(news.of) + " done, " +
              count(news.records, "record") + ", " + count(news.requests, "request");
  if (!news.waits_for.empty()) return line + "; " + waiting(news);
  if (!news.from.empty() && news.done < news.of)
    line += "; now " + date_and_minute(news.from) + " to " + date_and_minute(news.to);
  if (news.seconds_left) line += "; about " + duration_words(*news.seconds_left) + " left";
  return line;
}

void backfill_bar::show(const job_progress& news) {
  if (kind_ == paper::terminal) {
    constexpr auto erase_line = "\r\x1b[2K";
    out_ << erase_line << bar_text(stream_, news, terminal_width() - 1) << std::flush;
    drawn_ = true;
    return;
  }
  auto line = plain_text(news);
  if (line == last_) return;
  out_ << line << std::endl;
  last_ = std::move(line);
}

void backfill_bar::end() {
  if (drawn_) out_ << '\n' << std::flush;
  drawn_ = false;
}

}  // namespace oes
