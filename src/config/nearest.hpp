#pragma once
// The known word that someone probably meant.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oes {

/// Nearest of `known` by edit distance, letter case counting little; nullopt when nothing is near enough to be meant.
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& known);
/// `; did you mean 'price'?`, or empty when nothing is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);
/// Two slips of the finger, or fewer, from one of `known`.
bool is_misspelt(std::string_view word, const std::vector<std::string>& known);
/// `a, b, c`
std::string listed(const std::vector<std::string>& words);

}  // namespace oes
