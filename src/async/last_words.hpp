#pragma once
// The end of a process in which something happened that nobody expected: one critical line, without the log and without
// allocation (memory may be what is missing), then exit code 70. What survives kill -9 survives that. Where it is known
// what the coroutine was at work on, that is in the line, and left in a file for the next start.
#include <exception>
#include <span>
#include <string>
#include <string_view>

namespace oes {

/// EX_SOFTWARE; systemd starts the daemon again.
inline constexpr int exit_unexpected = 70;

/// How the log writes its lines. Text until this is called, once, before threads run.
enum class words_form { text, json };
void say_last_words_as(words_form form) noexcept;

/// Who reads stderr. systemd's journal takes the level from the number before a line, and writes its own time.
enum class words_reader { anybody, journal };
void say_last_words_to(words_reader reader) noexcept;

/// What a coroutine is at work on, put into words while there is memory.
struct last_note {
  std::string stream;
  std::string dataset;
  std::string window;
  std::string entry;  ///< as it is left in the file: between the time and the cause, tabs around it
};

struct last_notes {
  std::span<const last_note> work;
  const char* file = nullptr;  ///< each note's entry is appended to it, where it is a plain file; nullptr: to none
};

/// `who`: the name of the coroutine (task_group::start). Null: there is no exception, `who` says it all. From any
/// thread.
[[noreturn]] void end_process(std::string_view who, const std::exception_ptr& thrown) noexcept;
[[noreturn]] void end_process(std::string_view who, const std::exception_ptr& thrown, const last_notes& notes) noexcept;

}  // namespace oes
