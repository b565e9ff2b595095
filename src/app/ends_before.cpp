#include "app/ends_before.hpp"

#include <algorithm>
#include <utility>

#include "async/clock.hpp"
#include "progress/unexpected_ends.hpp"
#include "schedule/quarantine.hpp"

namespace oes {

ends_before::ends_before(std::string folder, logger& log)
    : folder_(std::move(folder)), file_(unexpected_ends_file(folder_)), log_(log) {}

void ends_before::open() {
  const auto ready = prepare_unexpected_ends(folder_);
  if (!ready) log_.warn("unexpected_ends cannot be kept; going on without it", {{"reason", ready.error().context}});
  auto found = read_unexpected_ends(folder_);
  if (!found) {
    log_.warn("the file unexpected_ends is not used; going on", {{"reason", found.error().context}});
    return;
  }
  end_history here;
  here.ends = std::move(*found);
  learn(here);
}

void ends_before::learn(const end_history& others) {
  history_ = merged(history_, others, wall_now());
  unproven_.clear();
  for (const auto& one : history_.ends) {
    auto& windows = unproven_[one.of];
    const auto window = parse_window(one.window);
    if (window) windows.add(*window);
  }
}

std::optional<quarantine> ends_before::of(const work_key& work) const {
  const auto ends = ends_of(history_, work);
  if (ends.empty()) return std::nullopt;
  const auto& newest = ends.back();
  const auto pause = quarantine_left(ends.size(), wall_now() - newest.at);
  if (!pause) return std::nullopt;
  std::string why = "it ended the process " + std::to_string(ends.size()) + " times in a row, the last time at " +
                    format_utc_seconds(newest.at);
  if (!newest.window.empty()) why += ", with the window " + newest.window;
  return quarantine{*pause, why + ": " + newest.cause};
}

void ends_before::begins(std::string_view who, const std::vector<work_in_hand>& work) {
  auto known = notes_.find(who);
  if (known == notes_.end()) known = notes_.emplace(std::string(who), std::vector<last_note>()).first;
  auto& notes = known->second;
  notes.clear();
  for (const auto& one : work) {
    notes.push_back({one.of.stream, one.of.dataset, window_text(one.window), entry_of(one)});
  }
}

void ends_before::succeeded(const work_in_hand& work) {
  const auto unproven = unproven_.find(work.of);
  if (unproven == unproven_.end()) return;
  unproven->second.remove(work.window);
  if (!unproven->second.empty()) return;
  unproven_.erase(unproven);
  const auto now = wall_now();
  history_.well[work.of] = now;
  history_ = merged(history_, {}, now);
  log_.info("the request that had ended the process succeeded",
            {{"stream", work.of.stream}, {"dataset", work.of.dataset}});
  disk_.begin([folder = folder_, left = history_.ends, &log = log_] {
    auto written = write_unexpected_ends(folder, left);
    if (!written) log.warn("unexpected_ends could not be written; going on", {{"reason", written.error().context}});
    return written;
  });
}

void ends_before::end(std::string_view who, const std::exception_ptr& thrown) const noexcept {
  const auto notes = notes_.find(who);
  if (notes == notes_.end()) end_process(who, thrown);
  end_process(who, thrown, {notes->second, file_.c_str()});
}

}  // namespace oes
