#pragma once
// Values of either format as JSON, whichever schemas they were written with.
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "avro/record_reader.hpp"
#include "model/error.hpp"

namespace oes::avro {

class record_decoder {
 public:
  /// Asks for the schema of an id; nullopt: nobody knows it. May block.
  using schema_source = std::function<result<std::optional<std::string>>(std::int32_t id)>;
  explicit record_decoder(schema_source source) : source_(std::move(source)) {}

  /// What is not framed is returned as it is. damaged: it cannot be read, now or later; other errors are those of the
  /// source, which is asked again.
  result<std::string> json(std::string_view value);

 private:
  result<record_reader> learn(std::int32_t id);

  schema_source source_;
  std::map<std::int32_t, result<record_reader>> known_;
};

}  // namespace oes::avro
