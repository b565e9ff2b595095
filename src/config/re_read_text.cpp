#include "config/re_read_text.hpp"

#include <sstream>
#include <vector>

#include "config/quantity.hpp"

namespace oes {
namespace {

std::vector<std::string> words_of(std::string_view text) {
  std::istringstream in{std::string(text)};
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

std::optional<std::chrono::seconds> whole_span(const std::string& word) {
  const auto span = parse_duration(word);
  if (!span || span->count() <= 0) return std::nullopt;
  return std::chrono::floor<std::chrono::seconds>(*span);
}

}  // namespace

std::optional<re_read> parse_re_read(std::string_view text) {
  const auto words = words_of(text);
  if (words.empty()) return std::nullopt;
  re_read out;
  const auto back = whole_span(words[0]);
  if (!back) return std::nullopt;
  out.back = *back;
  if (words.size() == 1) return out;
  if (words[1] == "every" && words.size() == 3) {
    out.every = whole_span(words[2]);
    return out.every ? std::optional(out) : std::nullopt;
  }
  if (words[1] != "at" || words.size() == 2) return std::nullopt;
  for (std::size_t i = 2; i < words.size(); ++i) {
    const auto time = parse_time_of_day(words[i]);
    if (!time) return std::nullopt;
    out.at.push_back(*time);
  }
  return out;
}

std::string check_re_read(const std::string& text) {
  return parse_re_read(text) ? "" : "a re-read looks like `1h`, `12h every 2h` or `72h at 06:00 18:00`";
}

}  // namespace oes
