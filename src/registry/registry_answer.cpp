#include "registry/registry_answer.hpp"

#include <rapidjson/document.h>

#include "model/utf8.hpp"
#include "records/json_text.hpp"

namespace oes {
namespace {

constexpr std::size_t longest_reason = 300;

struct registry_error {
  int code = 0;
  std::string message;
};

rapidjson::Document parsed(std::string_view body) {
  rapidjson::Document out;
  out.Parse<rapidjson::kParseIterativeFlag>(body.data(), body.size());
  return out;
}

registry_error error_in(std::string_view body, const redactor& hide) {
  registry_error out;
  const auto json = parsed(body);
  if (json.HasParseError() || !json.IsObject()) return out;
  const auto code = json.FindMember("error_code");
  const auto message = json.FindMember("message");
  if (code != json.MemberEnd() && code->value.IsInt()) out.code = code->value.GetInt();
  if (message != json.MemberEnd() && message->value.IsString()) {
    const std::string whole(message->value.GetString(), message->value.GetStringLength());
    out.message = one_line(hide.clean(whole), longest_reason);
  }
  return out;
}

// Confluent's codes for a subject, version or schema that is not there; a wrong address answers 404 without one.
bool says_not_there(int status, const registry_error& why) {
  return status == 404 && why.code >= 40'400 && why.code < 40'500;
}

error meaning_of(int status, const registry_error& why) {
  const auto words = why.message.empty() ? std::string() : ": " + why.message;
  const auto told = "it answers " + std::to_string(status) + words;
  error out{errc::server_error, told, {}, status};
  if (status == 409 || status == 422) out.code = errc::rejected;
  if (status == 401 || status == 403) out.context += " (schema_registry.username and its password)";
  if (status == 404) out.context += " (schema_registry.url does not lead to Confluent's API)";
  return out;
}

error not_understood(const char* what) { return {errc::malformed, std::string("its answer has no ") + what}; }

}  // namespace

std::string schema_document(std::string_view schema) {
  std::string out = "{\"schema\":";
  append_json_string(out, schema);
  return out + "}";
}

result<std::optional<std::int32_t>> id_in(int status, std::string_view body, const redactor& hide) {
  if (status != 200) {
    const auto why = error_in(body, hide);
    if (says_not_there(status, why)) return std::optional<std::int32_t>();
    return meaning_of(status, why);
  }
  const auto json = parsed(body);
  if (json.HasParseError() || !json.IsObject()) return not_understood("JSON");
  const auto id = json.FindMember("id");
  if (id == json.MemberEnd() || !id->value.IsInt() || id->value.GetInt() < 0) return not_understood("id");
  return std::optional<std::int32_t>(id->value.GetInt());
}

result<std::optional<std::string>> schema_in(int status, std::string_view body, const redactor& hide) {
  if (status != 200) {
    const auto why = error_in(body, hide);
    if (says_not_there(status, why)) return std::optional<std::string>();
    return meaning_of(status, why);
  }
  const auto json = parsed(body);
  if (json.HasParseError() || !json.IsObject()) return not_understood("JSON");
  const auto schema = json.FindMember("schema");
  if (schema == json.MemberEnd() || !schema->value.IsString()) return not_understood("schema");
  return std::optional<std::string>(std::string(schema->value.GetString(), schema->value.GetStringLength()));
}

}  // namespace oes
