#pragma once
// The end of a process in which something happened that nobody expected: one critical line, without the log and without
// allocation (memory may be what is missing), then exit code 70. What survives kill -9 survives that. Where the coroutine
// that failed had noted what it was at work on, that is also left in a file, for the next start to set it apart.
#include <array>
#include <exception>
#include <map>
#include <string>
#include <string_view>

namespace oes {

/// EX_SOFTWARE; systemd starts the daemon again.
inline constexpr int exit_unexpected = 70;

/// `who`: the name of the coroutine (task_group::start). Null: there is no exception, `who` says it all. From any thread.
[[noreturn]] void end_process(std::string_view who, const std::exception_ptr& thrown) noexcept;
/// For std::set_terminate: what left a thread, a callback of a library, or a noexcept function.
[[noreturn]] void end_terminated_process() noexcept;

/// What a coroutine is at work on: a stream's window, say. Written over with each step, cut where it is too long.
class work_note {
 public:
  void set(std::string_view what) noexcept;
  [[nodiscard]] std::string_view text() const noexcept { return {text_.data(), size_}; }

 private:
  std::array<char, 96> text_{};
  std::size_t size_ = 0;
};

enum class words_form { text, json };

/// What end_process() needs, put ready while there is memory. One a process, while it lives: as with std::set_terminate
/// there is nobody to hand it to where it is needed. Loop thread only, but for end_process().
class last_words {
 public:
  /// `file`: one line is appended to it for an end of a coroutine that has a note. Empty: nowhere.
  last_words(words_form form, std::string file);
  ~last_words();
  last_words(const last_words&) = delete;
  last_words& operator=(const last_words&) = delete;

  /// Stays where it is as long as this lives.
  work_note& note_of(std::string_view who);

 private:
  friend void end_process(std::string_view who, const std::exception_ptr& thrown) noexcept;
  words_form form_;
  std::string file_;
  std::map<std::string, work_note, std::less<>> notes_;
};

}  // namespace oes
