#pragma once
// Python source, or JSON, in pieces: read once from its beginning to its end, whatever it holds, so that nothing behind
// it has to look for the end of a string or of a bracket again. Pure.
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace oes {

struct python_token {
  enum class kind : std::uint8_t {
    name,
    number,         ///< whatever begins with a digit, `1h` too
    string,         ///< with prefix and quotes
    broken_string,  ///< without an end
    sign,
    line_end,  ///< of a statement: none stands within brackets
    end,
  };
  static constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();

  kind is = kind::end;
  std::uint32_t begin = 0;
  std::uint32_t size = 0;
  std::uint32_t line = 1;
  std::uint32_t indent = 0;         ///< of the statement it belongs to
  std::uint32_t partner = nowhere;  ///< of a bracket: the place of the one that it belongs to
};

/// The source outlives it; 4 GiB at most. The last token is kind::end.
class python_tokens {
 public:
  explicit python_tokens(std::string_view source);

  [[nodiscard]] std::size_t size() const { return tokens_.size(); }
  /// Behind the last one: the last one.
  [[nodiscard]] const python_token& operator[](std::size_t place) const {
    return place < tokens_.size() ? tokens_[place] : tokens_.back();
  }
  [[nodiscard]] std::string_view text(std::size_t place) const {
    const auto& one = (*this)[place];
    return source_.substr(one.begin, one.size);
  }
  /// From the beginning of one to the end of the one before another, as it is written.
  [[nodiscard]] std::string_view text(std::size_t first, std::size_t behind) const;
  /// Whether this name or sign stands there.
  [[nodiscard]] bool is(std::size_t place, std::string_view word) const;
  [[nodiscard]] bool is_name(std::size_t place) const { return (*this)[place].is == python_token::kind::name; }
  [[nodiscard]] bool opens(std::size_t place) const { return is(place, "(") || is(place, "[") || is(place, "{"); }
  /// The likely reason where a bracket has no partner.
  [[nodiscard]] std::optional<std::size_t> first_broken_string() const { return first_broken_; }

 private:
  std::string_view source_;
  std::vector<python_token> tokens_;
  std::optional<std::size_t> first_broken_;
};

}  // namespace oes
