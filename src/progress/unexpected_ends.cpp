#include "progress/unexpected_ends.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>

#include "progress/durable_file.hpp"

namespace oes {
namespace {

constexpr auto file_name = "unexpected_ends";
constexpr std::ptrdiff_t most_kept = 100;

std::string_view take_field(std::string_view& line) {
  const auto end = std::min(line.find('\t'), line.size());
  const auto field = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return field;
}

std::optional<unexpected_end> entry_of(std::string_view line) {
  const auto time = take_field(line);
  std::int64_t microseconds = 0;
  const auto read = std::from_chars(time.data(), time.data() + time.size(), microseconds);
  if (read.ec != std::errc() || read.ptr != time.data() + time.size()) return std::nullopt;
  unexpected_end out;
  out.at = utc_time(std::chrono::microseconds(microseconds));
  out.who = take_field(line);
  out.window = take_field(line);
  out.cause = take_field(line);
  if (out.who.empty()) return std::nullopt;
  return out;
}

}  // namespace

std::vector<unexpected_end> unexpected_ends_in(std::string_view text) {
  std::vector<unexpected_end> out;
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    auto entry = entry_of(text.substr(0, end));
    if (entry) out.push_back(std::move(*entry));
    text.remove_prefix(end + 1);
  }
  return out;
}

std::string text_of(const std::vector<unexpected_end>& ends) {
  std::string out;
  for (const auto& one : ends) {
    out += std::to_string(one.at.time_since_epoch().count()) + '\t' + one.who + '\t' + one.window + '\t' + one.cause;
    out += '\n';
  }
  return out;
}

std::string unexpected_ends_file(const std::string& folder) { return folder + "/" + file_name; }

std::vector<unexpected_end> read_unexpected_ends(const std::string& folder) {
  std::ifstream file(unexpected_ends_file(folder), std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto ends = unexpected_ends_in(text);
  if (std::ssize(ends) > most_kept) ends.erase(ends.begin(), ends.end() - most_kept);
  return ends;
}

result<void> write_unexpected_ends(const std::string& folder, const std::vector<unexpected_end>& ends) {
  return replace_file(folder, file_name, text_of(ends));
}

}  // namespace oes
