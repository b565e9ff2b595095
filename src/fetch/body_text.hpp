#pragma once
// A body of unknown length, collected without ever holding it twice.
#include <cstddef>
#include <string>
#include <string_view>

namespace oes {

class body_text {
 public:
  explicit body_text(std::size_t cap) : cap_(cap) {}
  /// Makes room for a body whose length was announced.
  void expect(std::size_t size);
  /// false: it would pass the cap; nothing was added.
  [[nodiscard]] bool append(std::string_view more);
  [[nodiscard]] std::size_t size() const { return text_.size(); }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  void make_room(std::size_t size);

  std::size_t cap_;
  std::string text_;
};

}  // namespace oes
