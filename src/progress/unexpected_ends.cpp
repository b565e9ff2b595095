#include "progress/unexpected_ends.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "files/durable_file.hpp"
#include "files/local_file.hpp"

namespace oes {
namespace {

constexpr auto ends_name = "unexpected_ends";
constexpr std::size_t largest_list_of_ends = 1UL << 20U;

std::string_view take_field(std::string_view& line) {
  const auto end = std::min(line.find('\t'), line.size());
  const auto field = line.substr(0, end);
  line.remove_prefix(std::min(end + 1, line.size()));
  return field;
}

std::optional<unexpected_end> read_entry(std::string_view line) {
  const auto time = take_field(line);
  std::int64_t microseconds = 0;
  const auto read = std::from_chars(time.data(), time.data() + time.size(), microseconds);
  if (read.ec != std::errc() || read.ptr != time.data() + time.size()) return std::nullopt;
  unexpected_end out;
  out.at = utc_time(std::chrono::microseconds(microseconds));
  out.of.stream = take_field(line);
  out.of.dataset = take_field(line);
  const auto place = parse_work_place(take_field(line));
  out.window = take_field(line);
  out.cause = take_field(line);
  if (out.of.stream.empty() || !place) return std::nullopt;
  out.of.place = *place;
  return out;
}

std::string columns(const work_key& of, const std::string& window) {
  return of.stream + '\t' + of.dataset + '\t' + std::string(name(of.place)) + '\t' + window;
}

}  // namespace

std::string entry_of(const work_in_hand& work) { return columns(work.of, window_text(work.window)); }

std::vector<unexpected_end> unexpected_ends_in(std::string_view text) {
  std::vector<unexpected_end> out;
  for (auto end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    auto entry = read_entry(text.substr(0, end));
    if (entry) out.push_back(std::move(*entry));
    text.remove_prefix(end + 1);
  }
  return out;
}

std::string text_of(const std::vector<unexpected_end>& ends) {
  std::string out;
  for (const auto& one : ends) {
    out += std::to_string(one.at.time_since_epoch().count()) + '\t' + columns(one.of, one.window) + '\t' + one.cause;
    out += '\n';
  }
  return out;
}

std::string unexpected_ends_file(const std::string& folder) { return folder + "/" + ends_name; }

result<std::vector<unexpected_end>> read_unexpected_ends(const std::string& folder) {
  const auto text = read_local_file(unexpected_ends_file(folder), largest_list_of_ends);
  if (!text) return text.error();
  return unexpected_ends_in(text->value_or(""));
}

result<void> prepare_unexpected_ends(const std::string& folder) {
  const auto file = open_local_file(unexpected_ends_file(folder));
  if (!file) return file.error();
  return {};
}

result<void> write_unexpected_ends(const std::string& folder, const std::vector<unexpected_end>& ends) {
  return replace_file(folder, ends_name, text_of(ends), old_file::gone);
}

}  // namespace oes
