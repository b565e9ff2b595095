#pragma once
// Why a topic may not be written, as its format and its schema tell, in words that say what to do. Pure.
#include <cstdint>
#include <string>
#include <vector>

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

/// What it calls today's schema of the topic is none, or another one, when it is asked for it.
error useless_id(const std::string& topic, std::int32_t id, const std::string& address);

/// A schema of our records, of whatever version, that reads these, or one of them at least: a record that somebody else
/// has damaged tells nothing.
bool reads(const std::string& schema, record_kind kind, const std::vector<std::string>& records);
/// The one of today.
bool is_our_schema(const std::string& text, record_kind kind);

}  // namespace oes
