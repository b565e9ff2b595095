#pragma once
// What the records of a member (stream, metric) state of it.
#include <cstdint>
#include <string>

#include "model/request.hpp"
#include "model/stream.hpp"
#include "records/selection.hpp"

namespace oes {

/// Everything about a member (stream, metric) that its records state.
struct record_options {
  std::string stream;
  std::string topic;
  std::string schema;  ///< header `schema` of its records; empty: none
  group_identity identity;
  record_key_policy key = record_key_policy::point;
  bool states_provisional = false;  ///< streams with `edge: provisional` write the field
  bool backfill = false;
  record_format format = record_format::json;
  std::int32_t schema_id = 0;  ///< Avro: what the registry calls the schema of the topic's values
};

/// What of its numbers reaches readers.
inline number_form numbers_of(const record_options& options) {
  return options.format == record_format::avro ? number_form::as_double : number_form::as_written;
}

}  // namespace oes
