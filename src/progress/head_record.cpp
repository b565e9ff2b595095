#include "progress/head_record.hpp"

#include "progress/progress_format.hpp"
#include "progress/progress_json.hpp"
#include "progress/progress_key.hpp"
#include "progress/sha256.hpp"

namespace oes {
namespace {

namespace json = progress_json;

void add_sized(sha256_sum& sum, std::string_view bytes) {
  std::string length;
  for (std::size_t i = 0; i < 8; ++i) length += static_cast<char>((bytes.size() >> (8 * i)) & 0xFFU);
  sum.add(length);
  sum.add(bytes);
}

void add(sha256_sum& sum, const progress_message& record) {
  add_sized(sum, record.key);
  add_sized(sum, record.value);
}

// A topic of more partitions than this is remembered in part: its record stays small.
constexpr std::size_t most_partitions = 500;

}  // namespace

std::string chain_of(std::string_view before, const transaction& txn, const progress_message& head) {
  sha256_sum sum;
  add_sized(sum, before);
  add(sum, txn.begin);
  for (const auto& record : txn.progress) add(sum, record);
  add(sum, head);
  return sum.hex();
}

progress_message encode_head(const progress_state& state) {
  rapidjson::Document record(rapidjson::kObjectType);
  auto& memory = record.GetAllocator();
  record.AddMember("v", progress_format, memory);
  record.AddMember("sequence", state.sequence, memory);
  record.AddMember("last_version", state.last_version, memory);
  record.AddMember("generation", state.generation, memory);
  record.AddMember("claim_owner", json::text(state.claim_owner, memory), memory);
  if (!state.chain.empty()) record.AddMember("chain", json::text(state.chain, memory), memory);
  return {"head", json::compact(record)};
}

progress_message encode_ends(const std::string& topic, const partition_offsets& ends, std::int64_t sequence) {
  rapidjson::Document record(rapidjson::kObjectType);
  auto& memory = record.GetAllocator();
  record.AddMember("v", progress_format, memory);
  record.AddMember("sequence", sequence, memory);
  record.AddMember("offsets", json::ends_value(ends, most_partitions, memory), memory);
  return {join_key("ends", {topic}), json::compact(record)};
}

void seal(transaction& txn, const progress_state& before, progress_state& after, const last_offsets& recorded) {
  for (const auto& [topic, ends] : recorded) {
    if (!before.written.contains(topic)) txn.progress.push_back({join_key("ends", {topic}), ""});
  }
  for (const auto& [topic, ends] : before.written) {
    const auto known = recorded.find(topic);
    if (known != recorded.end() && known->second == ends) continue;
    txn.progress.push_back(encode_ends(topic, ends, after.sequence));
  }
  after.chain.clear();
  after.chain = chain_of(before.chain, txn, encode_head(after));
  txn.progress.push_back(encode_head(after));
}

}  // namespace oes
