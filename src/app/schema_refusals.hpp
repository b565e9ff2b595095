#pragma once
// Why a topic may not be written, as its format and its schema tell, in words that say what to do. Pure.
#include <cstdint>
#include <string>

#include "model/error.hpp"
#include "model/stream.hpp"
#include "records/avro_schema.hpp"

namespace oes {

error schema_refused(std::string why);
/// `wanted`: what was to be written.
error holds_the_other(const std::string& topic, record_format wanted);
error not_registered(const std::string& topic, record_kind kind, const std::string& address);
/// `why`: that it may not be read.
error must_be_read(const error& why);
/// Of an id with which records of the topic were written: nobody knows it; another schema has it.
error unknown_id(const std::string& topic, std::int32_t id, const std::string& address);
error foreign_id(const std::string& topic, std::int32_t id, const std::string& address);

/// One of our records' schemas, of whatever version; the one of today.
bool is_schema_of(const std::string& text, record_kind kind);
bool is_our_schema(const std::string& text, record_kind kind);

}  // namespace oes
