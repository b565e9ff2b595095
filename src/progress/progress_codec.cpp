#include "progress/progress_codec.hpp"

#include <algorithm>
#include <utility>

#include "progress/ledger_codec.hpp"
#include "progress/progress_json.hpp"
#include "progress/progress_key.hpp"
#include "progress/sha256.hpp"

namespace oes {
namespace {

namespace json = progress_json;

error damaged(std::string_view key, std::string_view what) {
  return {errc::damaged, "progress record '" + std::string(key) + "' " + std::string(what), {}, 0};
}

rapidjson::Document start_record(std::int64_t sequence) {
  rapidjson::Document record(rapidjson::kObjectType);
  auto& memory = record.GetAllocator();
  record.AddMember("v", progress_format, memory);
  record.AddMember("sequence", sequence, memory);
  return record;
}

std::string member_record_key(const member_key& key) { return join_key("progress", {key.first, key.second}); }

// Values that are not JSON belong to kinds of later releases; only their version concerns us.
result<void> skip_binary(std::string_view key, std::string_view value) {
  const auto version = static_cast<unsigned char>(value.front());
  if (version == 0 || version > 31) return damaged(key, "is neither JSON nor a known binary form");
  if (version > progress_format) return newer_format(key, version);
  return {};
}

result<void> check_sequence(const progress_state& state, std::string_view key, std::int64_t sequence) {
  if (sequence >= state.sequence) return {};
  return error{errc::damaged,
               "broken invariant: the sequence falls from " + std::to_string(state.sequence) + " to " +
                   std::to_string(sequence) + " at the later record '" + std::string(key) + "'",
               {},
               0};
}

result<void> apply_claim(progress_state& state, std::string_view key, const rapidjson::Document& record) {
  const auto generation = json::count_in(record, "generation");
  const auto instance = json::text_in(record, "instance");
  if (!generation || !instance) return damaged(key, "lacks generation or instance");
  state.generation = *generation;
  state.claim_owner = *instance;
  return {};
}

result<void> apply_credits(progress_state& state, std::string_view key, const rapidjson::Document& record) {
  const auto day = parse_utc(json::text_in(record, "day_began").value_or(""));
  const auto used = json::count_in(record, "used");
  if (!day || !used) return damaged(key, "lacks day_began or used");
  state.credits = credit_use{*day, *used};
  return {};
}

result<void> apply_member(progress_state& state, std::string_view key, const std::vector<std::string>& parts,
                          const rapidjson::Document& record) {
  auto member = json::read_member(record);
  if (!member) return damaged(key, member.error().context);
  state.members[{parts[1], parts[2]}] = std::move(*member);
  return {};
}

result<void> apply_ledger(progress_state& state, ledger_book& ledger, std::string_view key,
                          const std::vector<std::string>& parts, std::string_view value) {
  const auto sequence = apply_ledger_record(ledger, parts, value);
  if (!sequence) return sequence.error();
  if (*sequence == 0) return {};  // a tombstone
  auto in_order = check_sequence(state, key, *sequence);
  if (in_order) state.sequence = *sequence;
  return in_order;
}

}  // namespace

error newer_format(std::string_view what, std::int64_t version) {
  return {errc::refused,
          "progress record '" + std::string(what) + "' has format version " + std::to_string(version) +
              ", written by a newer release; this one knows " + std::to_string(progress_format) +
              ": run that release, or a newer one",
          {},
          0};
}

progress_message encode_begin(std::int64_t sequence, std::string_view instance) {
  auto record = start_record(sequence);
  auto& memory = record.GetAllocator();
  record.AddMember("instance", json::text(instance, memory), memory);
  return {"begin", json::compact(record)};
}

progress_message encode_member(const member_key& key, const member_progress& member, std::int64_t sequence,
                               std::int64_t last_version) {
  auto record = start_record(sequence);
  record.AddMember("last_version", last_version, record.GetAllocator());
  json::put_member(record, member, record.GetAllocator());
  return {member_record_key(key), json::compact(record)};
}

progress_message forget_member(const member_key& key) { return {member_record_key(key), ""}; }

progress_message encode_claim(std::string_view instance, std::string_view host, std::int64_t generation,
                              std::int64_t sequence, std::int64_t last_version) {
  auto record = start_record(sequence);
  auto& memory = record.GetAllocator();
  record.AddMember("last_version", last_version, memory);
  record.AddMember("generation", generation, memory);
  record.AddMember("instance", json::text(instance, memory), memory);
  record.AddMember("host", json::text(host, memory), memory);
  return {"claim", json::compact(record)};
}

progress_message encode_credits(const credit_use& use, std::int64_t sequence) {
  auto record = start_record(sequence);
  auto& memory = record.GetAllocator();
  record.AddMember("day_began", json::text(format_utc(use.day_began), memory), memory);
  record.AddMember("used", use.used, memory);
  return {"credits", json::compact(record)};
}

result<void> apply_progress_record(progress_state& state, ledger_book& ledger, std::string_view key,
                                   std::string_view value) {
  const auto parts = split_key(key);
  if (!parts) return damaged(key, "has no readable key");
  const auto& kind = parts->front();
  const bool is_member = kind == "progress";
  if (is_member && parts->size() != 3) return damaged(key, "does not name one stream and one metric");
  if (is_ledger_kind(kind)) return apply_ledger(state, ledger, key, *parts, value);
  if (value.empty()) {
    if (is_member) state.members.erase({(*parts)[1], (*parts)[2]});
    return {};
  }
  const bool known = is_member || key == "begin" || key == "claim" || key == "credits";
  if (!known && value.front() != '{') return skip_binary(key, value);
  const auto record = json::parse_object(value);
  if (!record) return damaged(key, record.error().context);
  const auto version = json::count_in(*record, "v");
  if (!version || *version == 0) return damaged(key, "has no format version");
  if (*version > progress_format) return newer_format(key, *version);
  const auto sequence = json::count_in(*record, "sequence");
  if (!sequence) return damaged(key, "has no sequence");
  auto in_order = check_sequence(state, key, *sequence);
  if (!in_order) return in_order;
  result<void> applied{};
  if (is_member) applied = apply_member(state, key, *parts, *record);
  if (key == "claim") applied = apply_claim(state, key, *record);
  if (key == "credits") applied = apply_credits(state, key, *record);
  if (!applied) return applied;
  state.sequence = *sequence;
  state.last_version = std::max(state.last_version, json::count_in(*record, "last_version").value_or(0));
  return {};
}

std::string hash_of(const progress_state& state) {
  rapidjson::Document body(rapidjson::kObjectType);
  auto& memory = body.GetAllocator();
  body.AddMember("v", progress_format, memory);
  body.AddMember("sequence", state.sequence, memory);
  body.AddMember("last_version", state.last_version, memory);
  body.AddMember("generation", state.generation, memory);
  body.AddMember("claim_owner", json::text(state.claim_owner, memory), memory);
  json::value members(rapidjson::kArrayType);
  for (const auto& [key, member] : state.members) {
    json::value one(rapidjson::kObjectType);
    one.AddMember("stream", json::text(key.first, memory), memory);
    one.AddMember("metric", json::text(key.second, memory), memory);
    json::put_member(one, member, memory);
    members.PushBack(one, memory);
  }
  body.AddMember("members", members, memory);
  return sha256_hex(json::canonical(body).value_or(""));
}

}  // namespace oes
