#pragma once
// The decimal text of numbers that mostly rise by one: converting each took a third of the builder's instructions.
#include <array>
#include <charconv>
#include <cstdint>
#include <string_view>

namespace oes {

class rising_text {
 public:
  /// `number` is not negative. Valid until the next call.
  std::string_view of(std::int64_t number) {
    if (number != last_ + 1 || !step()) {
      end_ = std::to_chars(digits_.data(), digits_.data() + digits_.size(), number).ptr;
    }
    last_ = number;
    return {digits_.data(), static_cast<std::size_t>(end_ - digits_.data())};
  }

 private:
  // false: it would get one digit more, or nothing was written yet.
  bool step() {
    for (char* at = end_; at != digits_.data();) {
      --at;
      if (*at != '9') {
        ++*at;
        return true;
      }
      *at = '0';
    }
    return false;
  }

  std::array<char, 20> digits_{};
  char* end_ = digits_.data();
  std::int64_t last_ = -2;
};

}  // namespace oes
