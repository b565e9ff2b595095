#include "progress/progress_file_text.hpp"

#include <algorithm>

#include "progress/member_json.hpp"
#include "progress/progress_format.hpp"
#include "progress/progress_json.hpp"
#include "progress/sha256.hpp"

namespace oes {
namespace {

namespace json = progress_json;
using json::damaged;

// The slowest member's position on the clock that the replaced source used for every network: +10:00.
std::optional<std::string> timestamp_of(const progress_state& state) {
  std::optional<utc_time> slowest;
  for (const auto& [key, member] : state.members) {
    const auto at = to_utc(member.position, member.net);
    slowest = std::min(slowest.value_or(at), at);
  }
  if (!slowest) return std::nullopt;
  return format(to_network_time(*slowest, network::nem));
}

json::value streams_value(const progress_state& state, const sealed_list& sealed, json::allocator& memory) {
  json::value streams(rapidjson::kObjectType);
  for (const auto& [key, member] : state.members) {
    const auto stream = json::text(key.first, memory);
    auto found = streams.FindMember(stream);
    if (found == streams.MemberEnd()) {
      streams.AddMember(json::text(key.first, memory), json::value(rapidjson::kObjectType), memory);
      found = streams.MemberEnd() - 1;
    }
    json::value body(rapidjson::kObjectType);
    json::put_member(body, member, memory);
    json::put_months(body, member.labels, memory, sealed);
    found->value.AddMember(json::text(key.second, memory), body, memory);
  }
  return streams;
}

std::string_view word(mirrored_delivery d) {
  return d == mirrored_delivery::at_least_once ? "at_least_once" : "exactly_once";
}

json::value sealed_value(const sealed_list& sealed, json::allocator& memory) {
  json::value out(rapidjson::kObjectType);
  for (const auto& [month, sha256] : sealed) {
    out.AddMember(json::text(json::month_name(month), memory), json::text(sha256, memory), memory);
  }
  return out;
}

rapidjson::Document body_of(const progress_snapshot& snapshot, mirrored_delivery delivery, const sealed_list& sealed) {
  const auto& [state, place] = snapshot;
  rapidjson::Document body(rapidjson::kObjectType);
  auto& memory = body.GetAllocator();
  body.AddMember("version", progress_format, memory);
  if (const auto timestamp = timestamp_of(state)) {
    body.AddMember("timestamp", json::text(*timestamp, memory), memory);
  }
  body.AddMember("cluster_id", json::text(place.cluster_id, memory), memory);
  body.AddMember("topic", json::text(place.topic, memory), memory);
  body.AddMember("partition", 0, memory);
  body.AddMember("offset", place.offset, memory);
  body.AddMember("delivery", json::text(word(delivery), memory), memory);
  body.AddMember("sequence", state.sequence, memory);
  body.AddMember("last_version", state.last_version, memory);
  body.AddMember("generation", state.generation, memory);
  body.AddMember("claim_owner", json::text(state.claim_owner, memory), memory);
  body.AddMember("chain", json::text(state.chain, memory), memory);
  json::value ends(rapidjson::kObjectType);
  for (const auto& [name, partitions] : state.written) {
    ends.AddMember(json::text(name, memory), json::ends_value(partitions, partitions.size(), memory), memory);
  }
  body.AddMember("ends", ends, memory);
  body.AddMember("streams", streams_value(state, sealed, memory), memory);
  body.AddMember("sealed_months", sealed_value(sealed, memory), memory);
  return body;
}

// Only what has no version may be of the replaced source.
result<progress_text> old_form(const rapidjson::Document& file) {
  const auto timestamp = json::text_in(file, "timestamp");
  if (!timestamp) return damaged("has no version");
  if (file.MemberCount() != 1) return damaged("has no version, and more than a timestamp");
  progress_text out;
  out.replaced_source_start = parse_network_time(*timestamp);
  if (out.replaced_source_start) return out;
  const auto with_offset = parse_offset_time(*timestamp);
  if (!with_offset) return damaged("has a timestamp that is no time like 2024-01-15T10:30:00");
  out.replaced_source_instant = utc_time((with_offset->local - with_offset->offset).time_since_epoch());
  out.replaced_source_start = to_network_time(*out.replaced_source_instant, network::nem);
  return out;
}

// Takes the hash out of the document: what is left is what it was made of.
result<void> check_hash(rapidjson::Document& file) {
  const auto stated = json::text_in(file, "sha256");
  if (!stated) return damaged("has no sha256");
  file.RemoveMember("sha256");
  const auto body = json::canonical(file);
  if (!body || sha256_hex(*body) != *stated) return damaged("does not fit its sha256: it was edited or damaged");
  return {};
}

result<void> read_members(const json::value& streams, std::int64_t version, progress_state& state) {
  for (const auto& stream : streams.GetObject()) {
    if (!stream.value.IsObject()) return damaged("a stream is not an object");
    for (const auto& metric : stream.value.GetObject()) {
      auto member = json::read_whole_member(metric.value, version);
      if (!member) return member.error();
      state.members[{std::string(stream.name.GetString(), stream.name.GetStringLength()),
                     std::string(metric.name.GetString(), metric.name.GetStringLength())}] = std::move(*member);
    }
  }
  return {};
}

// What version 1 did not have.
result<void> read_evidence(const rapidjson::Document& file, progress_state& state) {
  const auto chain = json::text_in(file, "chain");
  const auto ends = file.FindMember("ends");
  if (!chain || ends == file.MemberEnd() || !ends->value.IsObject()) return damaged("lacks chain or ends");
  state.chain = *chain;
  for (const auto& topic : ends->value.GetObject()) {
    auto partitions = json::read_ends(topic.value);
    if (!partitions) return damaged("ends is not a list of offsets");
    state.written[{topic.name.GetString(), topic.name.GetStringLength()}] = std::move(*partitions);
  }
  return {};
}

std::optional<sealed_list> read_sealed(const rapidjson::Document& file) {
  const auto months = file.FindMember("sealed_months");
  if (months == file.MemberEnd() || !months->value.IsObject()) return std::nullopt;
  sealed_list out;
  for (const auto& one : months->value.GetObject()) {
    const auto month = json::parse_month({one.name.GetString(), one.name.GetStringLength()});
    if (!month || !one.value.IsString() || one.value.GetStringLength() != 64) return std::nullopt;
    out[*month] = {one.value.GetString(), one.value.GetStringLength()};
  }
  return out;
}

result<progress_snapshot> read_snapshot(const rapidjson::Document& file, std::int64_t version) {
  progress_snapshot out;
  const auto cluster = json::text_in(file, "cluster_id");
  const auto topic = json::text_in(file, "topic");
  const auto offset = file.FindMember("offset");
  const auto sequence = json::count_in(file, "sequence");
  const auto last_version = json::count_in(file, "last_version");
  const auto generation = json::count_in(file, "generation");
  const auto owner = json::text_in(file, "claim_owner");
  const auto streams = file.FindMember("streams");
  const bool complete = cluster && topic && offset != file.MemberEnd() && offset->value.IsInt64() && sequence &&
                        last_version && generation && owner && streams != file.MemberEnd() && streams->value.IsObject();
  if (!complete) return damaged("lacks a field");
  out.place = {*cluster, *topic, offset->value.GetInt64()};
  out.state.sequence = *sequence;
  out.state.last_version = *last_version;
  out.state.generation = *generation;
  out.state.claim_owner = *owner;
  const auto evidence = version == 1 ? result<void>() : read_evidence(file, out.state);
  if (!evidence) return evidence.error();
  const auto members = read_members(streams->value, version, out.state);
  if (!members) return members.error();
  return out;
}

}  // namespace

std::string write_progress_text(const progress_snapshot& snapshot, mirrored_delivery delivery,
                                const sealed_list& sealed) {
  auto body = body_of(snapshot, delivery, sealed);
  const auto hash = sha256_hex(json::canonical(body).value_or(""));
  body.AddMember("sha256", json::text(hash, body.GetAllocator()), body.GetAllocator());
  return json::pretty(body) + "\n";
}

result<progress_text> read_progress_text(std::string_view text) {
  if (text.empty()) return damaged("is empty");
  auto file = json::parse_object(text);
  if (!file) return file.error();
  if (!file->HasMember("version")) return old_form(*file);
  progress_text out;
  const auto version = json::count_in(*file, "version");
  if (!version || *version == 0) return damaged("has no version");
  if (*version > progress_format) {
    return damaged("has version " + std::to_string(*version) + ", written by a newer release");
  }
  const auto hashed = check_hash(*file);
  if (!hashed) return hashed.error();
  auto snapshot = read_snapshot(*file, *version);
  if (!snapshot) return snapshot.error();
  out.snapshot = std::move(*snapshot);
  auto sealed = *version == 1 ? std::optional<sealed_list>(sealed_list()) : read_sealed(*file);
  if (!sealed) return damaged("lacks the list of sealed months");
  out.sealed = std::move(*sealed);
  if (json::text_in(*file, "delivery") == word(mirrored_delivery::at_least_once)) {
    out.delivery = mirrored_delivery::at_least_once;
  }
  return out;
}

}  // namespace oes
