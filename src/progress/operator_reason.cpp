#include "progress/operator_reason.hpp"

#include "progress/progress_format.hpp"
#include "progress/progress_json.hpp"
#include "progress/progress_key.hpp"

namespace oes {

namespace json = progress_json;

namespace {

// Four of them stay below 16 KiB, whatever JSON makes of their characters.
constexpr std::size_t longest_text = 600;

std::string_view short_text(std::string_view text) { return text.substr(0, longest_text); }

}  // namespace

progress_message encode_reason(const operator_reason& reason, std::int64_t sequence, std::int64_t last_version) {
  rapidjson::Document record(rapidjson::kObjectType);
  auto& memory = record.GetAllocator();
  record.AddMember("v", progress_format, memory);
  record.AddMember("sequence", sequence, memory);
  record.AddMember("last_version", last_version, memory);
  record.AddMember("at", json::text(format_utc(reason.at), memory), memory);
  record.AddMember("who", json::text(short_text(reason.who), memory), memory);
  record.AddMember("host", json::text(short_text(reason.host), memory), memory);
  record.AddMember("command", json::text(short_text(reason.command), memory), memory);
  record.AddMember("reason", json::text(short_text(reason.text), memory), memory);
  if (reason.history == history_after::broken) record.AddMember("history", "broken", memory);
  return {join_key("reason", {std::to_string(sequence)}), json::compact(record)};
}

result<std::optional<kept_reason>> decode_reason(std::string_view key, std::string_view value) {
  if (!key.starts_with("reason|") || value.empty()) return std::optional<kept_reason>();
  const auto record = json::parse_object(value);
  if (!record) return record.error();
  kept_reason out;
  const auto sequence = json::count_in(*record, "sequence");
  const auto at = parse_utc(json::text_in(*record, "at").value_or(""));
  if (!sequence || !at) return error{errc::damaged, "a reason lacks its sequence or its time"};
  out.sequence = *sequence;
  out.last_version = json::count_in(*record, "last_version").value_or(0);
  out.reason = {json::text_in(*record, "reason").value_or(""), json::text_in(*record, "who").value_or(""),
                json::text_in(*record, "host").value_or(""), json::text_in(*record, "command").value_or(""), *at};
  if (json::text_in(*record, "history") == "broken") out.reason.history = history_after::broken;
  return std::optional(std::move(out));
}

}  // namespace oes
