#include "progress/progress_codec.hpp"

#include <algorithm>
#include <utility>

#include "progress/ledger_codec.hpp"
#include "progress/member_json.hpp"
#include "progress/progress_format.hpp"
#include "progress/progress_json.hpp"
#include "progress/progress_key.hpp"
#include "progress/sha256.hpp"
#include "progress/unexpected_record.hpp"

namespace oes {
namespace {

namespace json = progress_json;

error damaged_record(std::string_view key, std::string_view what) {
  return {errc::damaged, "progress record '" + std::string(key) + "' " + std::string(what)};
}

// Values that are not JSON belong to kinds of later releases; only their version concerns us.
result<void> skip_binary(std::string_view key, std::string_view value) {
  const auto version = static_cast<unsigned char>(value.front());
  if (version == 0 || version > 31) return damaged_record(key, "is neither JSON nor a known binary form");
  if (version > progress_format) return newer_format(key, version);
  return {};
}

result<void> check_sequence(const progress_state& state, std::string_view key, std::int64_t sequence) {
  if (sequence >= state.sequence) return {};
  return error{errc::damaged, "broken invariant: the sequence falls from " + std::to_string(state.sequence) + " to " +
                                  std::to_string(sequence) + " at the later record '" + std::string(key) + "'"};
}

result<void> apply_claim(progress_state& state, std::string_view key, const rapidjson::Document& record) {
  const auto generation = json::count_in(record, "generation");
  const auto instance = json::text_in(record, "instance");
  if (!generation || !instance) return damaged_record(key, "lacks generation or instance");
  state.generation = *generation;
  state.claim_owner = *instance;
  return {};
}

result<void> apply_credits(progress_state& state, std::string_view key, const rapidjson::Document& record) {
  const auto day = parse_utc(json::text_in(record, "day_began").value_or(""));
  const auto used = json::count_in(record, "used");
  if (!day || !used) return damaged_record(key, "lacks day_began or used");
  state.credits = credit_use{*day, *used};
  return {};
}

member_key member_in(const std::vector<std::string>& parts) { return {parts[1], parts[2]}; }

result<void> apply_member(progress_state& state, std::string_view key, const std::vector<std::string>& parts,
                          const rapidjson::Document& record) {
  auto member = json::read_member(record);
  if (!member) return damaged_record(key, member.error().context);
  auto& known = state.members[member_in(parts)];
  member->labels = std::move(known.labels);
  known = std::move(*member);
  return {};
}

result<void> apply_month(progress_state& state, std::string_view key, const std::vector<std::string>& parts,
                         const rapidjson::Document& record) {
  const auto month = json::parse_month(parts[3]);
  if (!month) return damaged_record(key, "names no month");
  auto labels = json::read_month(record, *month);
  if (!labels) return damaged_record(key, labels.error().context);
  state.members[member_in(parts)].labels.put(*month, std::move(*labels));
  return {};
}

// The record of a member as release 1 wrote it.
result<void> apply_first_form(progress_state& state, std::string_view key, const std::vector<std::string>& parts,
                              const rapidjson::Document& record) {
  auto member = json::read_first_member(record);
  if (!member) return damaged_record(key, member.error().context);
  state.members[member_in(parts)] = std::move(*member);
  state.first_form.insert(member_in(parts));
  return {};
}

result<void> apply_head(progress_state& state, std::string_view key, const rapidjson::Document& record) {
  const auto generation = json::count_in(record, "generation");
  const auto owner = json::text_in(record, "claim_owner");
  const auto chain = json::text_in(record, "chain");
  if (!generation || !owner || !chain) return damaged_record(key, "lacks generation, claim_owner or chain");
  state.generation = *generation;
  state.claim_owner = *owner;
  state.chain = *chain;
  return {};
}

result<void> apply_ends(progress_state& state, std::string_view key, const std::vector<std::string>& parts,
                        const rapidjson::Document& record) {
  const auto offsets = record.FindMember("offsets");
  auto ends = offsets == record.MemberEnd() ? std::nullopt : json::read_ends(offsets->value);
  if (!ends) return damaged_record(key, "lacks offsets");
  state.written[parts[1]] = std::move(*ends);
  return {};
}

void apply_tombstone(progress_state& state, const std::vector<std::string>& parts) {
  const auto& kind = parts[0];
  if (kind == "ends") state.written.erase(parts[1]);
  if (kind == "member") state.members.erase(member_in(parts));
  const bool of_first_form = kind == "progress" && state.first_form.erase(member_in(parts)) > 0;
  if (of_first_form) state.members.erase(member_in(parts));
  if (kind != "month") return;
  const auto known = state.members.find(member_in(parts));
  const auto month = json::parse_month(parts[3]);
  if (known != state.members.end() && month) known->second.labels.put(*month, {});
}

standing_refusal read_refusal(const rapidjson::Document& record) {
  return {json::count_in(record, "last_version").value_or(0), json::text_in(record, "instance").value_or(""),
          json::text_in(record, "why").value_or("")};
}

// How many parts a key of the kind has; 0: the kind is not known.
std::size_t parts_of(std::string_view kind) {
  if (kind == "begin" || kind == "claim" || kind == "credits" || kind == "head" || kind == "refusal" ||
      kind == unexpected_key) {
    return 1;
  }
  if (kind == "ends") return 2;
  if (kind == "progress" || kind == "member") return 3;
  return kind == "month" ? 4 : 0;
}

result<void> apply_json(progress_state& state, std::string_view key, const std::vector<std::string>& parts,
                        const rapidjson::Document& record) {
  const auto& kind = parts[0];
  if (kind == "progress") return apply_first_form(state, key, parts, record);
  if (kind == "member") return apply_member(state, key, parts, record);
  if (kind == "month") return apply_month(state, key, parts, record);
  if (kind == "ends") return apply_ends(state, key, parts, record);
  if (kind == "head") return apply_head(state, key, record);
  if (kind == "claim") return apply_claim(state, key, record);
  if (kind == "credits") return apply_credits(state, key, record);
  if (kind == "refusal") state.refused = read_refusal(record);
  if (kind == unexpected_key) state.unexpected = json::read_unexpected(record);
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

progress_message encode_begin(std::int64_t sequence, std::string_view instance) {
  auto record = json::start_record(progress_format, sequence);
  auto& memory = record.GetAllocator();
  record.AddMember("instance", json::text(instance, memory), memory);
  return {"begin", json::compact(record)};
}

progress_message encode_claim(std::string_view instance, std::string_view host, std::int64_t generation,
                              std::int64_t sequence, std::int64_t last_version) {
  auto record = json::start_record(progress_format, sequence);
  auto& memory = record.GetAllocator();
  record.AddMember("last_version", last_version, memory);
  record.AddMember("generation", generation, memory);
  record.AddMember("instance", json::text(instance, memory), memory);
  record.AddMember("host", json::text(host, memory), memory);
  return {"claim", json::compact(record)};
}

progress_message encode_refusal(const standing_refusal& what, std::int64_t sequence) {
  constexpr std::size_t longest = 2000;
  auto record = json::start_record(progress_format, sequence);
  auto& memory = record.GetAllocator();
  record.AddMember("last_version", what.last_version, memory);
  record.AddMember("instance", json::text(what.instance, memory), memory);
  record.AddMember("why", json::text(std::string_view(what.why).substr(0, longest), memory), memory);
  return {"refusal", json::compact(record)};
}

progress_message encode_credits(const credit_use& use, std::int64_t sequence) {
  auto record = json::start_record(progress_format, sequence);
  auto& memory = record.GetAllocator();
  record.AddMember("day_began", json::text(format_utc(use.day_began), memory), memory);
  record.AddMember("used", use.used, memory);
  return {"credits", json::compact(record)};
}

result<void> apply_progress_record(progress_state& state, ledger_book& ledger, std::string_view key,
                                   std::string_view value) {
  const auto parts = split_key(key);
  if (!parts) return damaged_record(key, "has no readable key");
  const auto& kind = parts->front();
  if (is_ledger_kind(kind)) return apply_ledger(state, ledger, key, *parts, value);
  const auto wanted = parts_of(kind);
  if (wanted != 0 && parts->size() != wanted) return damaged_record(key, "has too few names in its key, or too many");
  if (value.empty()) {
    if (wanted > 1) apply_tombstone(state, *parts);
    return {};
  }
  if (wanted == 0 && value.front() != '{') return skip_binary(key, value);
  const auto record = json::parse_object(value);
  if (!record) return damaged_record(key, record.error().context);
  const auto version = json::count_in(*record, "v");
  if (!version || *version == 0) return damaged_record(key, "has no format version");
  if (*version > progress_format) return newer_format(key, *version);
  const auto sequence = json::count_in(*record, "sequence");
  if (!sequence) return damaged_record(key, "has no sequence");
  auto in_order = check_sequence(state, key, *sequence);
  if (!in_order) return in_order;
  const auto applied = apply_json(state, key, *parts, *record);
  if (!applied) return applied.error();
  state.sequence = *sequence;
  state.last_version = std::max(state.last_version, json::count_in(*record, "last_version").value_or(0));
  return {};
}

bool state_needs(std::string_view key) {
  const auto kind = key.substr(0, key.find('|'));
  return (parts_of(kind) != 0 && kind != unexpected_key) || is_ledger_kind(kind);
}

std::string hash_of(const progress_state& state) {
  auto compared = state;
  for (auto& [key, member] : compared.members) {
    // An earlier release that has led meanwhile leaves them out of its progress.json, and of what it writes anew.
    member.topic.clear();
    member.record_key.clear();
  }
  rapidjson::Document body(rapidjson::kObjectType);
  auto& memory = body.GetAllocator();
  body.AddMember("v", progress_format, memory);
  body.AddMember("sequence", state.sequence, memory);
  body.AddMember("last_version", state.last_version, memory);
  body.AddMember("generation", state.generation, memory);
  body.AddMember("claim_owner", json::text(state.claim_owner, memory), memory);
  body.AddMember("members", json::members_value(compared, memory), memory);
  return sha256_hex(json::canonical(body).value_or(""));
}

}  // namespace oes
