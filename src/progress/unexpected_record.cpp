#include "progress/unexpected_record.hpp"

#include "progress/progress_format.hpp"

namespace oes {

namespace json = progress_json;

namespace {

json::value key_value(const work_key& of, json::allocator& memory) {
  json::value out(rapidjson::kObjectType);
  out.AddMember("stream", json::text(of.stream, memory), memory);
  out.AddMember("dataset", json::text(of.dataset, memory), memory);
  out.AddMember("place", json::text(name(of.place), memory), memory);
  return out;
}

std::optional<work_key> read_key(const json::value& one) {
  if (!one.IsObject()) return std::nullopt;
  const auto stream = json::text_in(one, "stream");
  const auto dataset = json::text_in(one, "dataset");
  const auto place = parse_work_place(json::text_in(one, "place").value_or(""));
  if (!stream || !dataset || !place) return std::nullopt;
  return work_key{*stream, *dataset, *place};
}

std::optional<utc_time> read_instant(const json::value& one, const char* field) {
  const auto microseconds = json::count_in(one, field);
  if (!microseconds) return std::nullopt;
  return utc_time(std::chrono::microseconds(*microseconds));
}

// The record stays below 16 KiB.
constexpr std::size_t most_of_a_cause = 120;
constexpr std::size_t most_kept = 32;

}  // namespace

progress_message encode_unexpected(const end_history& history, std::int64_t sequence) {
  rapidjson::Document record(rapidjson::kObjectType);
  auto& memory = record.GetAllocator();
  record.AddMember("v", progress_format, memory);
  record.AddMember("sequence", sequence, memory);
  json::value ends(rapidjson::kArrayType);
  const auto first = history.ends.size() - std::min(history.ends.size(), most_kept);
  for (auto i = first; i < history.ends.size(); ++i) {
    const auto& one = history.ends[i];
    auto entry = key_value(one.of, memory);
    entry.AddMember("at", static_cast<std::int64_t>(one.at.time_since_epoch().count()), memory);
    entry.AddMember("window", json::text(one.window, memory), memory);
    entry.AddMember("cause", json::text(std::string_view(one.cause).substr(0, most_of_a_cause), memory), memory);
    ends.PushBack(entry, memory);
  }
  record.AddMember("ends", ends, memory);
  json::value well(rapidjson::kArrayType);
  for (const auto& [of, since] : history.well) {
    if (well.Size() == most_kept) break;
    auto entry = key_value(of, memory);
    entry.AddMember("since", static_cast<std::int64_t>(since.time_since_epoch().count()), memory);
    well.PushBack(entry, memory);
  }
  record.AddMember("well", well, memory);
  return {std::string(unexpected_key), json::compact(record)};
}

end_history json::read_unexpected(const value& record) {
  end_history out;
  const auto ends = record.FindMember("ends");
  if (ends != record.MemberEnd() && ends->value.IsArray()) {
    for (const auto& one : ends->value.GetArray()) {
      const auto of = read_key(one);
      const auto at = of ? read_instant(one, "at") : std::nullopt;
      if (!at) continue;
      out.ends.push_back({*at, *of, text_in(one, "window").value_or(""), text_in(one, "cause").value_or("")});
    }
  }
  const auto well = record.FindMember("well");
  if (well == record.MemberEnd() || !well->value.IsArray()) return out;
  for (const auto& one : well->value.GetArray()) {
    const auto of = read_key(one);
    const auto since = of ? read_instant(one, "since") : std::nullopt;
    if (since) out.well[*of] = *since;
  }
  return out;
}

}  // namespace oes
