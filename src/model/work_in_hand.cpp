#include "model/work_in_hand.hpp"

namespace oes {
namespace {

constexpr std::string_view between = " to ";

}  // namespace

std::string_view name(work_place place) {
  switch (place) {
    case work_place::live:
      return "live";
    case work_place::background:
      return "behind";  // so it is stored, in Kafka and in files
  }
  return "";
}

std::optional<work_place> parse_work_place(std::string_view text) {
  if (text == name(work_place::live)) return work_place::live;
  if (text == name(work_place::background)) return work_place::background;
  return std::nullopt;
}

std::string window_text(const time_range& window) {
  if (window.empty()) return {};
  return format(window.begin) + std::string(between) + format(window.end);
}

std::optional<time_range> parse_window(std::string_view text) {
  const auto middle = text.find(between);
  if (middle == std::string_view::npos) return std::nullopt;
  const auto begin = parse_network_time(text.substr(0, middle));
  const auto end = parse_network_time(text.substr(middle + between.size()));
  if (!begin || !end || *begin >= *end) return std::nullopt;
  return time_range{*begin, *end};
}

}  // namespace oes
