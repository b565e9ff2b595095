#include "simulation/api/told_answer.hpp"

#include <utility>

namespace oes::simulation {
namespace {

// A region may hold control characters, where the API lies.
std::string in_quotes(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c >= ' ') {
      out += c;
    } else {
      constexpr char digits[] = "0123456789abcdef";
      out.append("\\u00") += digits[static_cast<unsigned char>(c) / 16];
      out += digits[static_cast<unsigned char>(c) % 16];
    }
  }
  return out += '"';
}

void append(std::string& out, const served_grid& grid, const std::string& metric, const told_series& one) {
  out.append(R"({"name":)").append(in_quotes(metric + "_" + one.region)).append(R"(,"columns":{)");
  if (!one.region.empty()) out.append(R"("region":)").append(in_quotes(one.region));
  out.append(R"(},"data":[)");
  bool first = true;
  for (const auto& [label, number] : one.rows) {
    if (!std::exchange(first, false)) out += ',';
    out.append("[\"").append(format(label, utc_offset(grid.net))).append("\",").append(number).append("]");
  }
  out.append("]}");
}

}  // namespace

std::string text_of(const told_answer& told) {
  std::string blocks;
  for (const auto& block : told.blocks) {
    if (!blocks.empty()) blocks += ',';
    blocks.append(R"({"network_code":")").append(code(told.grid.net));
    blocks.append(R"(","metric":")").append(block.metric).append(R"(","unit":"MW","interval":")");
    blocks.append(code(told.grid.interval)).append(R"(","groupings":[],"results":[)");
    bool first = true;
    for (const auto& one : block.series) {
      if (one.rows.empty()) continue;
      if (!std::exchange(first, false)) blocks += ',';
      append(blocks, told.grid, block.metric, one);
    }
    blocks.append("]}");
  }
  return R"({"version":"4.5.11","success":true,"data":[)" + blocks + "]}";
}

}  // namespace oes::simulation
