#include "async/last_words.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "async/clock.hpp"

namespace oes {
namespace {

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): see last_words
std::atomic<last_words*> ready = nullptr;

// A line that is put together on the stack and cut where it is too long.
class line {
 public:
  void add(std::string_view text) noexcept {
    const auto count = std::min(text_.size() - 1 - size_, text.size());
    std::memcpy(text_.data() + size_, text.data(), count);
    size_ += count;
  }
  // Somebody else's text: one line, no quote, and only bytes that every reader takes.
  void add_plain(std::string_view text) noexcept {
    constexpr std::size_t most = 400;
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
  void write_to(int descriptor) noexcept {
    text_[size_++] = '\n';
    const auto written = ::write(descriptor, text_.data(), size_);
    static_cast<void>(written);  // there is nobody left to be told
  }

 private:
  std::array<char, 1400> text_{};
  std::size_t size_ = 0;
};

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

constexpr std::string_view sentence = "something unexpected happened: the process ends and is to be started again";

void add_field(line& to, words_form form, std::string_view key, std::string_view value) noexcept {
  to.add(form == words_form::json ? ",\"" : " ");
  to.add(key);
  to.add(form == words_form::json ? "\":\"" : "=\"");
  to.add_plain(value);
  to.add("\"");
}

void speak(words_form form, std::string_view who, std::string_view window, std::string_view why, utc_time now) noexcept {
  line words;
  const bool json = form == words_form::json;
  if (json) words.add("{\"time\":\"");
  add_time(words, now);
  words.add(json ? R"(","level":"critical","msg":")" : " critical ");
  words.add(sentence);
  if (json) words.add("\"");
  add_field(words, form, "stream", who);
  if (!window.empty()) add_field(words, form, "window", window);
  if (!why.empty()) add_field(words, form, "reason", why);
  add_field(words, form, "exit_code", "70");
  if (json) words.add("}");
  words.write_to(STDERR_FILENO);
}

// Appended in one piece; a line without its end is no line (progress/unexpected_ends).
void leave(const char* file, std::string_view who, std::string_view window, std::string_view why, utc_time now) noexcept {
  const int descriptor = ::open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
  if (descriptor < 0) return;
  line entry;
  entry.add_number(now.time_since_epoch().count(), 1);
  for (const auto part : {who, window, why}) {
    entry.add("\t");
    entry.add_plain(part);
  }
  entry.write_to(descriptor);
  ::fsync(descriptor);
}

}  // namespace

void work_note::set(std::string_view what) noexcept {
  size_ = std::min(what.size(), text_.size());
  std::memcpy(text_.data(), what.data(), size_);
}

last_words::last_words(words_form form, std::string file) : form_(form), file_(std::move(file)) { ready = this; }

last_words::~last_words() { ready = nullptr; }

work_note& last_words::note_of(std::string_view who) {
  const auto known = notes_.find(who);
  return known != notes_.end() ? known->second : notes_[std::string(who)];
}

void end_process(std::string_view who, const std::exception_ptr& thrown) noexcept {
  const last_words* const words = ready;
  const auto end = [&](std::string_view why) {
    const auto now = wall_now();
    std::string_view window;
    bool noted = false;
    if (words != nullptr) {
      const auto note = words->notes_.find(who);
      noted = note != words->notes_.end();
      if (noted) window = note->second.text();
    }
    speak(words != nullptr ? words->form_ : words_form::text, who, window, why, now);
    if (noted && !words->file_.empty()) leave(words->file_.c_str(), who, window, why, now);
    std::_Exit(exit_unexpected);
  };
  if (!thrown) end({});
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& known) {
    end(known.what());
  } catch (...) {
    end("an exception of an unknown type");
  }
  std::_Exit(exit_unexpected);
}

void end_terminated_process() noexcept { end_process("a thread or a callback", std::current_exception()); }

}  // namespace oes
