#pragma once
// Internal to operate/: the lines of the control socket, one JSON object each, protocol version first.
#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/error.hpp"

namespace oes::job_json {

using writer = rapidjson::Writer<rapidjson::StringBuffer>;

error malformed(std::string context);
/// Opens the object and states the protocol.
void begin(writer& out);
/// An empty text is left out.
void put(writer& out, const char* key, const std::string& text);
void put(writer& out, const char* key, std::int64_t number);
/// malformed: not an object, or of another protocol.
result<rapidjson::Document> parse(std::string_view line);
std::string text_in(const rapidjson::Value& object, const char* key);
bool flag_in(const rapidjson::Value& object, const char* key);
std::optional<std::int64_t> number_in(const rapidjson::Value& object, const char* key);

}  // namespace oes::job_json
