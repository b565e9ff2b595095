#include "simulation/world/tally.hpp"

#include <charconv>

namespace oes::simulation {
namespace {

constexpr std::uint64_t fewest_transactions = 20;
constexpr std::uint64_t fewest_kills = 2;
constexpr std::string_view number_word = "number ";
constexpr std::string_view seen_word = "seen ";

}  // namespace

std::uint64_t tally::of(const std::string& what) const {
  const auto found = numbers.find(what);
  return found == numbers.end() ? 0 : found->second;
}

void tally::add(const tally& other) {
  for (const auto& [what, number] : other.numbers) numbers[what] += number;
  seen.insert(other.seen.begin(), other.seen.end());
}

std::string tally::text() const {
  std::string out;
  for (const auto& [what, number] : numbers)
    out.append(number_word).append(std::to_string(number)).append(" ").append(what).append("\n");
  for (const auto& what : seen) out.append(seen_word).append(what).append("\n");
  return out;
}

bool tally::read(std::string_view line) {
  if (line.starts_with(seen_word)) {
    seen.emplace(line.substr(seen_word.size()));
    return true;
  }
  if (!line.starts_with(number_word)) return false;
  line.remove_prefix(number_word.size());
  std::uint64_t number = 0;
  const auto [end, failed] = std::from_chars(line.data(), line.data() + line.size(), number);
  if (failed != std::errc() || end == line.data() + line.size()) return false;
  numbers[std::string(end + 1, line.data() + line.size())] += number;
  return true;
}

bool counts(const tally& world) {
  return world.of("transactions") >= fewest_transactions && world.of("kills") >= fewest_kills &&
         world.of("takeovers") + world.of("losses of data") > 0;
}

}  // namespace oes::simulation
