#include "async/last_words.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>

namespace oes {
namespace {

// A line that is put together on the stack and cut where it is too long.
class line {
 public:
  void add(std::string_view text) {
    const auto room = text_.size() - 1 - size_;
    const auto count = std::min(room, text.size());
    std::memcpy(text_.data() + size_, text.data(), count);
    size_ += count;
  }
  void write() {
    text_[size_++] = '\n';
    const auto written = ::write(STDERR_FILENO, text_.data(), size_);
    static_cast<void>(written);  // there is nobody left to be told
  }

 private:
  std::array<char, 1024> text_{};
  std::size_t size_ = 0;
};

void add_cause(line& to, const std::exception_ptr& thrown) {
  if (!thrown) return;
  to.add(": ");
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& known) {
    to.add(known.what());
  } catch (...) {
    to.add("an exception of an unknown type");
  }
}

}  // namespace

void end_process(std::string_view who, const std::exception_ptr& thrown) noexcept {
  line words;
  words.add("critical: unexpected failure, the process ends and is to be started again: ");
  words.add(who);
  add_cause(words, thrown);
  words.write();
  std::_Exit(exit_unexpected);
}

}  // namespace oes
