#include "operate/job_json.hpp"

#include <utility>

namespace oes::job_json {
namespace {

constexpr int protocol = 1;

}  // namespace

error malformed(std::string context) { return {errc::malformed, std::move(context)}; }

void begin(writer& out) {
  out.StartObject();
  out.Key("v");
  out.Int(protocol);
}

void put(writer& out, const char* key, const std::string& text) {
  if (text.empty()) return;
  out.Key(key);
  out.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void put(writer& out, const char* key, std::int64_t number) {
  out.Key(key);
  out.Int64(number);
}

result<rapidjson::Document> parse(std::string_view line) {
  rapidjson::Document out;
  out.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(line.data(), line.size());
  if (out.HasParseError() || !out.IsObject()) return malformed("not a JSON object");
  const auto version = out.FindMember("v");
  if (version == out.MemberEnd() || !version->value.IsInt() || version->value.GetInt() != protocol) {
    return malformed("the other side speaks another protocol: command and daemon must be of the same release");
  }
  return out;
}

std::string text_in(const rapidjson::Value& object, const char* key) {
  const auto found = object.FindMember(key);
  if (found == object.MemberEnd() || !found->value.IsString()) return "";
  return {found->value.GetString(), found->value.GetStringLength()};
}

bool flag_in(const rapidjson::Value& object, const char* key) {
  const auto found = object.FindMember(key);
  return found != object.MemberEnd() && found->value.IsTrue();
}

std::optional<std::int64_t> number_in(const rapidjson::Value& object, const char* key) {
  const auto found = object.FindMember(key);
  if (found == object.MemberEnd() || !found->value.IsInt64()) return std::nullopt;
  return found->value.GetInt64();
}

}  // namespace oes::job_json
