#include "progress/sealed_month.hpp"

#include <algorithm>

#include "progress/progress_format.hpp"

namespace oes {
namespace {

namespace json = progress_json;
using json::damaged;
using std::chrono::months;
using std::chrono::year_month;

constexpr std::size_t hash_in_name = 16;

std::string text_of(const json::value& v) { return {v.GetString(), v.GetStringLength()}; }

}  // namespace

std::string sealed_name(year_month month, std::string_view sha256) {
  return json::month_name(month) + "-" + std::string(sha256.substr(0, hash_in_name)) + ".json";
}

year_month first_open_month(const progress_state& state) {
  auto newest = network_time::min();
  for (const auto& [key, member] : state.members) newest = std::max(newest, member.position);
  if (state.members.empty()) return {};
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(newest));
  return date.year() / date.month() - months(1);
}

std::map<year_month, month_blocks> sealed_months_of(const progress_state& state) {
  std::map<year_month, month_blocks> out;
  const auto open = first_open_month(state);
  for (const auto& [key, member] : state.members) {
    for (const auto& [month, block] : member.labels.blocks()) {
      if (month >= open) break;
      out[month].emplace_back(key, block);
    }
  }
  return out;
}

std::string write_sealed_month(year_month month, const month_blocks& blocks) {
  rapidjson::Document out(rapidjson::kObjectType);
  auto& memory = out.GetAllocator();
  out.AddMember("version", progress_format, memory);
  out.AddMember("month", json::text(json::month_name(month), memory), memory);
  json::value streams(rapidjson::kObjectType);
  for (const auto& [key, block] : blocks) {
    if (streams.MemberCount() == 0 || text_of((streams.MemberEnd() - 1)->name) != key.first) {
      streams.AddMember(json::text(key.first, memory), json::value(rapidjson::kObjectType), memory);
    }
    json::value one(rapidjson::kObjectType);
    json::put_month(one, *block, memory);
    (streams.MemberEnd() - 1)->value.AddMember(json::text(key.second, memory), one, memory);
  }
  out.AddMember("streams", streams, memory);
  return json::pretty(out) + "\n";
}

result<void> read_sealed_month(std::string_view text, year_month month, progress_state& into) {
  const auto file = json::parse_object(text);
  if (!file) return file.error();
  const auto streams = file->FindMember("streams");
  if (json::text_in(*file, "month") != json::month_name(month) || streams == file->MemberEnd() ||
      !streams->value.IsObject()) {
    return damaged("is not that month");
  }
  for (const auto& stream : streams->value.GetObject()) {
    if (!stream.value.IsObject()) return damaged("has a stream that is not an object");
    for (const auto& metric : stream.value.GetObject()) {
      const auto known = into.members.find({text_of(stream.name), text_of(metric.name)});
      if (known == into.members.end()) return damaged("names a member that progress.json does not");
      auto labels = json::read_month(metric.value, month);
      if (!labels) return labels.error();
      known->second.labels.put(month, std::move(*labels));
    }
  }
  return {};
}

}  // namespace oes
