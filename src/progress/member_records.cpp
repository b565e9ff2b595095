#include "progress/member_records.hpp"

#include "model/fault_point.hpp"
#include "progress/member_json.hpp"
#include "progress/progress_format.hpp"
#include "progress/progress_key.hpp"

namespace oes {
namespace {

namespace json = progress_json;

std::string month_key(const member_key& key, std::chrono::year_month month) {
  return join_key("month", {key.first, key.second, json::month_name(month)});
}

bool same_but_labels(const member_progress& a, const member_progress& b) {
  return a.identity == b.identity && a.net == b.net && a.start == b.start && a.position == b.position &&
         a.ledger_from == b.ledger_from && a.topic == b.topic && a.record_key == b.record_key && a.refresh == b.refresh;
}

// Only a seeded bug does this: every hole of a member's history in its one record, as it once was.
void put_holes(rapidjson::Document& record, const member_progress& member) {
  auto& memory = record.GetAllocator();
  rapidjson::Value holes(rapidjson::kArrayType);
  const auto silent = member.labels.silent();
  for (const auto& range : silent.ranges()) {
    rapidjson::Value hole(rapidjson::kObjectType);
    hole.AddMember("begin", json::text(format(range.begin), memory), memory);
    hole.AddMember("end", json::text(format(range.end), memory), memory);
    hole.AddMember("reason", json::text("no_data", memory), memory);
    hole.AddMember("found_at", json::text(format(range.end), memory), memory);
    holes.PushBack(hole, memory);
  }
  record.AddMember("holes", holes, memory);
}

progress_message member_record(const member_key& key, const member_progress& member, std::int64_t sequence) {
  auto record = json::start_record(progress_format, sequence);
  json::put_member(record, member, record.GetAllocator());
  if (seeded_bug("history-in-one-record")) put_holes(record, member);
  return {join_key("member", {key.first, key.second}), json::compact(record)};
}

progress_message month_record(const member_key& key, std::chrono::year_month month, const month_labels& labels,
                              std::int64_t sequence) {
  auto record = json::start_record(progress_format, sequence);
  json::put_month(record, labels, record.GetAllocator());
  return {month_key(key, month), json::compact(record)};
}

}  // namespace

std::vector<progress_message> encode_member_change(const member_key& key, const member_progress* before,
                                                   const member_progress& after, std::int64_t sequence) {
  static const label_history nothing;
  const auto& old = before == nullptr ? nothing.blocks() : before->labels.blocks();
  const auto& now = after.labels.blocks();
  std::vector<progress_message> out;
  for (const auto& [month, labels] : old) {
    if (!now.contains(month)) out.push_back({month_key(key, month), ""});
  }
  for (const auto& [month, labels] : now) {
    const auto known = old.find(month);
    const bool same = known != old.end() && (known->second == labels || *known->second == *labels);
    if (!same) out.push_back(month_record(key, month, *labels, sequence));
  }
  if (before == nullptr || !same_but_labels(*before, after)) out.push_back(member_record(key, after, sequence));
  return out;
}

std::vector<progress_message> forget_member(const member_key& key, const member_progress& before) {
  std::vector<progress_message> out;
  for (const auto& [month, labels] : before.labels.blocks()) out.push_back({month_key(key, month), ""});
  out.push_back({join_key("member", {key.first, key.second}), ""});
  return out;
}

progress_message forget_first_form(const member_key& key) {
  return {join_key("progress", {key.first, key.second}), ""};
}

}  // namespace oes
