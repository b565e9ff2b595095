#include "decode/kept_text.hpp"

#include "model/utf8.hpp"

namespace oes {
namespace {

constexpr std::size_t longest_kept = 256;

}  // namespace

std::optional<std::string> why_not_kept(std::string_view text) {
  if (text.size() > longest_kept) return "is longer than " + std::to_string(longest_kept) + " bytes";
  return fault_of_label(text);
}

bool may_be_kept(std::string_view text) { return text.size() <= longest_kept && !fault_of_label(text); }

}  // namespace oes
