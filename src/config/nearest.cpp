#include "config/nearest.hpp"

#include <algorithm>
#include <cctype>
#include <numeric>

namespace oes {
namespace {

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

// Four for an inserted, dropped or changed character, one for a changed case, four for two neighbours swapped.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = 4 * j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = 4 * i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t change = 4;
      if (a[i - 1] == b[j - 1]) {
        change = 0;
      } else if (lower(a[i - 1]) == lower(b[j - 1])) {
        change = 1;
      }
      row[j] = std::min({above[j] + 4, row[j - 1] + 4, above[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 4);
    }
    before.swap(above);
    above.swap(row);
  }
  return above[b.size()];
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& known) {
  if (word.size() > 100) return std::nullopt;
  std::optional<std::string> best;
  // A third of the longer word may differ, and always two characters of words that are not tiny.
  std::size_t best_distance = 0;
  for (const auto& candidate : known) {
    const auto length = std::max(word.size(), candidate.size());
    const auto allowed = 4 * (length <= 3 ? 1 : std::max<std::size_t>(2, length * 2 / 5));
    const auto shorter = std::min(word.size(), candidate.size());
    if (4 * (length - shorter) > allowed) continue;
    const auto found = distance(word, candidate);
    if (found > allowed || (best && found >= best_distance)) continue;
    best = candidate;
    best_distance = found;
  }
  return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  const auto best = nearest(word, known);
  return best ? "; did you mean '" + *best + "'?" : std::string();
}

bool is_misspelt(std::string_view word, const std::vector<std::string>& known) {
  const auto best = nearest(word, known);
  return best && distance(word, *best) <= std::size_t{2} * 4;
}

std::string listed(const std::vector<std::string>& words) {
  return std::accumulate(words.begin(), words.end(), std::string(), [](std::string so_far, const std::string& word) {
    return so_far.empty() ? word : std::move(so_far) + ", " + word;
  });
}

}  // namespace oes
