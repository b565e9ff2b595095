#include "avro/record_decoder.hpp"

#include "avro/frame.hpp"

namespace oes::avro {

result<std::string> record_decoder::json(std::string_view value) {
  const auto frame = split_frame(value);
  if (!frame) return std::string(value);
  auto known = known_.find(frame->schema_id);
  if (known == known_.end()) {
    auto learnt = learn(frame->schema_id);
    if (!learnt && learnt.error().code != errc::damaged) return learnt.error();
    known = known_.emplace(frame->schema_id, std::move(learnt)).first;
  }
  if (!known->second) return known->second.error();
  return known->second->json(frame->body);
}

result<record_reader> record_decoder::learn(std::int32_t id) {
  const auto text = source_(id);
  if (!text) return text.error();
  if (!*text) return error{errc::damaged, "the schema registry does not know schema " + std::to_string(id)};
  auto schema = read_schema(**text);
  if (!schema) return error{errc::damaged, "schema " + std::to_string(id) + ": " + schema.error().context};
  return record_reader(std::move(*schema));
}

}  // namespace oes::avro
