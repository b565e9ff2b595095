#include "operate/export_document.hpp"

#include "progress/ledger_changes.hpp"
#include "progress/ledger_codec.hpp"
#include "progress/member_json.hpp"
#include "progress/progress_check.hpp"
#include "progress/progress_json.hpp"
#include "progress/progress_key.hpp"
#include "progress/sha256.hpp"

namespace oes {
namespace {

namespace json = progress_json;

constexpr std::string_view kind = "openelectricity-stream progress";

error damaged(const std::string& what) { return {errc::damaged, "the export " + what}; }

// Takes the hash out: what is left is what it was made of.
result<void> check_hash(rapidjson::Document& document) {
  const auto stated = json::text_in(document, "sha256");
  if (!stated) return damaged("has no sha256");
  document.RemoveMember("sha256");
  const auto body = json::canonical(document);
  if (!body || sha256_hex(*body) != *stated) return damaged("does not fit its sha256: it was edited or damaged");
  return {};
}

result<void> check_form(const rapidjson::Document& document) {
  if (json::text_in(document, "kind") != kind) return damaged("is none: `progress export` writes one");
  const auto format = json::count_in(document, "format");
  if (!format || *format == 0) return damaged("has no format version");
  if (*format <= export_format) return {};
  return error{errc::refused, "the export has format version " + std::to_string(*format) +
                                  ", written by a newer release; this one knows " + std::to_string(export_format) +
                                  ": run that release, or a newer one"};
}

constexpr std::string_view hex = "0123456789abcdef";

std::string to_hex(std::string_view bytes) {
  std::string out;
  out.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    out.append({hex[byte >> 4U], hex[byte & 15U]});
  }
  return out;
}

std::optional<std::string> from_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const auto high = hex.find(digits[i]);
    const auto low = hex.find(digits[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
  }
  return out;
}

// The ledger travels as the records of the progress topic: [key, value in hexadecimal].
json::value ledger_value(const ledger_book& book, std::int64_t sequence, json::allocator& memory) {
  json::value records(rapidjson::kArrayType);
  for (const auto& record : encode_ledger_changes({}, book, sequence)) {
    json::value one(rapidjson::kArrayType);
    one.PushBack(json::text(record.key, memory), memory);
    one.PushBack(json::text(to_hex(record.value), memory), memory);
    records.PushBack(one, memory);
  }
  return records;
}

result<void> read_ledger(const json::value& records, ledger_book& book) {
  for (const auto& one : records.GetArray()) {
    const bool pair = one.IsArray() && one.Size() == 2 && one[0].IsString() && one[1].IsString();
    if (!pair) return damaged("has a ledger record that is no pair of texts");
    const auto parts = split_key({one[0].GetString(), one[0].GetStringLength()});
    const auto value = from_hex({one[1].GetString(), one[1].GetStringLength()});
    if (!parts || !value || !is_ledger_kind(parts->front())) return damaged("has a wrong ledger record");
    const auto applied = apply_ledger_record(book, *parts, *value);
    if (!applied) return applied.error();
  }
  return {};
}

result<void> read_members(const json::value& members, std::int64_t format, progress_state& state) {
  for (const auto& one : members.GetArray()) {
    if (!one.IsObject()) return damaged("has a member that is no object");
    const auto stream = json::text_in(one, "stream");
    const auto metric = json::text_in(one, "metric");
    if (!stream || !metric) return damaged("has a member without stream or metric");
    auto member = json::read_whole_member(one, format);
    if (!member) return damaged("has a wrong member, " + *stream + "/" + *metric + ": " + member.error().context);
    state.members[{*stream, *metric}] = std::move(*member);
  }
  return {};
}

}  // namespace

std::string write_export(const stored_progress& stored, utc_time now) {
  const auto& [state, place] = stored.snapshot;
  rapidjson::Document out(rapidjson::kObjectType);
  auto& memory = out.GetAllocator();
  out.AddMember("kind", json::text(kind, memory), memory);
  out.AddMember("format", export_format, memory);
  out.AddMember("exported_at", json::text(format_utc(now), memory), memory);
  out.AddMember("cluster_id", json::text(place.cluster_id, memory), memory);
  out.AddMember("topic", json::text(place.topic, memory), memory);
  out.AddMember("offset", place.offset, memory);
  out.AddMember("sequence", state.sequence, memory);
  out.AddMember("last_version", state.last_version, memory);
  out.AddMember("generation", state.generation, memory);
  out.AddMember("claim_owner", json::text(state.claim_owner, memory), memory);
  out.AddMember("members", json::members_value(state, memory), memory);
  out.AddMember("ledger", ledger_value(stored.ledger, state.sequence, memory), memory);
  const auto hash = sha256_hex(json::canonical(out).value_or(""));
  out.AddMember("sha256", json::text(hash, memory), memory);
  return json::pretty(out) + "\n";
}

result<stored_progress> read_export(std::string_view text) {
  auto document = json::parse_object(text);
  if (!document) return damaged(document.error().context);
  const auto known = check_form(*document);
  if (!known) return known.error();
  const auto hashed = check_hash(*document);
  if (!hashed) return hashed.error();
  stored_progress all;
  auto& out = all.snapshot;
  const auto sequence = json::count_in(*document, "sequence");
  const auto last_version = json::count_in(*document, "last_version");
  const auto members = document->FindMember("members");
  const auto ledger = document->FindMember("ledger");
  if (!sequence || !last_version || members == document->MemberEnd() || !members->value.IsArray() ||
      ledger == document->MemberEnd() || !ledger->value.IsArray()) {
    return damaged("lacks a field");
  }
  out.place = {json::text_in(*document, "cluster_id").value_or(""), json::text_in(*document, "topic").value_or(""), -1};
  out.state.sequence = *sequence;
  out.state.last_version = *last_version;
  out.state.generation = json::count_in(*document, "generation").value_or(0);
  out.state.claim_owner = json::text_in(*document, "claim_owner").value_or("");
  const auto format = json::count_in(*document, "format").value_or(0);
  const auto read = read_members(members->value, format, out.state);
  if (!read) return read.error();
  const auto published = read_ledger(ledger->value, all.ledger);
  if (!published) return published.error();
  const auto possible = check_progress(out.state, all.ledger);
  if (!possible) return possible.error();
  return all;
}

}  // namespace oes
