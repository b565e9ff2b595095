#include "async/last_words.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "async/clock.hpp"

namespace oes {
namespace {

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): as std::set_terminate, for whatever ends the
// process
std::atomic<words_form> form_of_words = words_form::text;
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): the same
std::atomic<words_reader> reader_of_words = words_reader::anybody;

constexpr std::string_view sentence = "something unexpected happened: the process ends and is to be started again";

// A line that is put together on the stack and cut where it is too long.
class line {
 public:
  void add(std::string_view text) noexcept {
    const auto count = std::min(text_.size() - reserve - size_, text.size());
    std::memcpy(text_.data() + size_, text.data(), count);
    size_ += count;
  }
  // Somebody else's text: in one line, without quotes, and only bytes that every reader takes.
  void add_plain(std::string_view text, std::size_t most) noexcept {
    for (const char c : text.substr(0, most)) {
      const bool plain = c >= ' ' && c <= '~' && c != '"' && c != '\\';
      const char kept = plain ? c : (c == '"' ? '\'' : '?');
      add({&kept, 1});
    }
  }
  void add_number(std::int64_t number, std::size_t digits) noexcept {
    std::array<char, 20> text{};
    auto at = text.size();
    while (at > 0 && (number > 0 || text.size() - at < digits)) {
      text[--at] = static_cast<char>('0' + number % 10);
      number /= 10;
    }
    add({text.data() + at, text.size() - at});
  }
  // Where nobody takes it within a moment it stays unsaid: a dying process must not keep its lease for a reader.
  void say(std::string_view end) noexcept {
    constexpr int moment_ms = 200;
    pollfd reader{STDERR_FILENO, POLLOUT, 0};
    const bool taken = ::poll(&reader, 1, moment_ms) == 1 && (reader.revents & POLLOUT) != 0;
    if (taken) write_to(STDERR_FILENO, end);
  }
  void write_to(int descriptor, std::string_view end) noexcept {
    std::memcpy(text_.data() + size_, end.data(), std::min(end.size(), reserve));
    const auto written = ::write(descriptor, text_.data(), size_ + std::min(end.size(), reserve));
    static_cast<void>(written);  // there is nobody left to be told
  }

 private:
  static constexpr std::size_t reserve = 4;  // for the end of the line
  std::array<char, 1024> text_{};
  std::size_t size_ = 0;
};

constexpr std::size_t most_of_a_name = 160;
constexpr std::size_t most_of_a_cause = 400;

// As format_utc, which allocates.
void add_time(line& to, utc_time at) noexcept {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::milliseconds>(at - day));
  to.add_number(static_cast<int>(date.year()), 4);
  to.add("-");
  to.add_number(static_cast<unsigned>(date.month()), 2);
  to.add("-");
  to.add_number(static_cast<unsigned>(date.day()), 2);
  to.add("T");
  to.add_number(time.hours().count(), 2);
  to.add(":");
  to.add_number(time.minutes().count(), 2);
  to.add(":");
  to.add_number(time.seconds().count(), 2);
  to.add(".");
  to.add_number(time.subseconds().count(), 3);
  to.add("Z");
}

class speech {
 public:
  speech(words_form form, utc_time now) noexcept : json_(form == words_form::json) {
    const bool journal = reader_of_words == words_reader::journal;
    if (journal) words_.add("<2>");  // syslog's critical
    if (json_) words_.add("{\"time\":\"");
    if (json_ || !journal) {
      add_time(words_, now);
      words_.add(json_ ? R"(","level":"critical","msg":")" : " critical ");
    }
    words_.add(sentence);
    if (json_) words_.add("\"");
  }
  void field(std::string_view key, std::string_view value, std::size_t most) noexcept {
    begin_field(key);
    words_.add_plain(value, most);
    words_.add("\"");
  }
  // Of several things in hand all together.
  void field(std::string_view key, std::span<const last_note> work, std::string last_note::*part) noexcept {
    bool any = false;
    for (const auto& note : work) any = any || !(note.*part).empty();
    if (!any) return;
    begin_field(key);
    std::size_t left = most_of_a_name;
    bool first = true;
    for (const auto& note : work) {
      if (!first) words_.add(", ");
      first = false;
      words_.add_plain(note.*part, left);
      left -= std::min(left, (note.*part).size());
    }
    words_.add("\"");
  }
  void say() noexcept {
    words_.add(json_ ? ",\"exit_code\":70" : " exit_code=70");
    words_.say(json_ ? "}\n" : "\n");
  }

 private:
  void begin_field(std::string_view key) noexcept {
    words_.add(json_ ? ",\"" : " ");
    words_.add(key);
    words_.add(json_ ? "\":\"" : "=\"");
  }
  bool json_;
  line words_;
};

void speak(std::string_view who, const last_notes& notes, std::string_view why, utc_time now) noexcept {
  speech words(form_of_words, now);
  if (notes.work.empty()) {
    words.field("part", who, most_of_a_name);
  } else {
    words.field("stream", notes.work, &last_note::stream);
    words.field("dataset", notes.work, &last_note::dataset);
    words.field("window", notes.work, &last_note::window);
  }
  if (!why.empty()) words.field("reason", why, most_of_a_cause);
  words.say();
}

// A line that lacks its end is no entry (progress/unexpected_ends). Not synced: what is written outlives the process,
// and a stalled disk must not hold up its end.
void leave(const last_notes& notes, std::string_view why, utc_time now) noexcept {
  const int descriptor = ::open(notes.file, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (descriptor < 0) return;
  struct stat about {};
  if (::fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode)) return;
  for (const auto& note : notes.work) {
    line entry;
    entry.add_number(now.time_since_epoch().count(), 1);
    entry.add("\t");
    entry.add(note.entry);
    entry.add("\t");
    entry.add_plain(why, most_of_a_cause);
    entry.write_to(descriptor, "\n");
  }
}

// A disk or a terminal that never answers keeps nobody alive: the lease would be kept too.
void end_in_any_case() noexcept {
  constexpr unsigned seconds = 2;
  std::signal(SIGALRM, [](int) { ::_exit(exit_unexpected); });
  ::alarm(seconds);
}

[[noreturn]] void end(std::string_view who, const last_notes& notes, std::string_view why) noexcept {
  end_in_any_case();
  const auto now = wall_now();
  speak(who, notes, why, now);
  if (notes.file != nullptr) leave(notes, why, now);
  std::_Exit(exit_unexpected);
}

}  // namespace

void say_last_words_as(words_form form) noexcept { form_of_words = form; }

void say_last_words_to(words_reader reader) noexcept { reader_of_words = reader; }

void end_process(std::string_view who, const std::exception_ptr& thrown, const last_notes& notes) noexcept {
  if (!thrown) end(who, notes, {});
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& known) {
    end(who, notes, known.what());
  } catch (...) {
    end(who, notes, "an exception of an unknown type");
  }
}

void end_process(std::string_view who, const std::exception_ptr& thrown) noexcept { end_process(who, thrown, {}); }

}  // namespace oes
