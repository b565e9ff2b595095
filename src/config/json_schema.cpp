#include <algorithm>
#include <cmath>

#include "config/loader.hpp"
#include "config/quantity.hpp"
#include "config/settings_table.hpp"

namespace oes {
namespace {

// Any scalar may be written as a variable that is expanded later; what it will be, an editor cannot know.
constexpr std::string_view variable = R"({"type": "string", "pattern": "\\$\\{"})";
// In quotes, which make no difference to the daemon.
constexpr std::string_view flag_pattern = "^(true|True|TRUE|false|False|FALSE)$";
constexpr std::string_view integer_pattern = "^-?[0-9]+$";
constexpr std::string_view number_pattern = "^-?[0-9]+([.][0-9]+)?$";
constexpr std::string_view duration_pattern = "^(0|([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$";
constexpr std::string_view size_pattern = "^[0-9]+(B|kB|MB|GB|KiB|MiB|GiB)?$";

std::string json_quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string typed(std::string_view type) { return "{\"type\": " + json_quoted(type) + "}"; }

std::string pattern(std::string_view regex) {
  return "{\"type\": \"string\", \"pattern\": " + json_quoted(regex) + "}";
}

std::string any_of(const std::vector<std::string>& options) {
  std::string out = "\"anyOf\": [";
  for (const auto& option : options) out += (out.ends_with('[') ? "" : ", ") + option;
  return out + ", {\"type\": \"null\"}]";
}

std::string choice(const key_info& info) {
  std::string words;
  for (const auto& word : info.rules.choices) words += (words.empty() ? "" : ", ") + json_quoted(word);
  return "{\"enum\": [" + words + "]}";
}

std::string numeric(const key_info& info, std::string_view type) {
  std::string out = "{\"type\": " + json_quoted(type);
  const auto bound = [&](std::string_view name, double value) {
    if (std::isfinite(value)) out += ", " + json_quoted(name) + ": " + format_number(value);
  };
  bound(info.rules.above_lowest ? "exclusiveMinimum" : "minimum", info.rules.lowest);
  bound("maximum", info.rules.highest);
  return out + "}";
}

std::string list_of_texts(const key_info& info) {
  return std::string("{\"type\": \"array\", \"items\": {\"type\": \"string\"}, \"uniqueItems\": true") +
         (info.rules.not_empty ? ", \"minItems\": 1}" : "}");
}

std::string accepted(const key_info& info) {
  const std::string var(variable);
  switch (info.kind) {
    case value_kind::text:
    case value_kind::secret:
      return any_of({R"({"type": ["string", "number", "boolean"]})"});  // `name: 12` is a text here
    case value_kind::proxy_url:
    case value_kind::secret_file:
    case value_kind::file:
    case value_kind::start:
    case value_kind::instant:
      return any_of({typed("string")});
    case value_kind::flag:
      return any_of({typed("boolean"), pattern(flag_pattern), var});
    case value_kind::integer:
      return any_of({numeric(info, "integer"), pattern(integer_pattern), var});
    case value_kind::number:
      return any_of({numeric(info, "number"), pattern(number_pattern), var});
    case value_kind::duration:
      return any_of({pattern(duration_pattern), R"({"const": 0})", var});
    case value_kind::size:
      return any_of({pattern(size_pattern), typed("integer"), var});
    case value_kind::choice:
      return any_of({choice(info), var});
    case value_kind::text_list:
      return any_of({typed("string"), list_of_texts(info)});
    case value_kind::properties:
      return any_of({R"({"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}})"});
    case value_kind::time_of_day:
      return any_of({pattern("^[0-2][0-9]:[0-5][0-9]$"), var});
  }
  return "";
}

std::string property(const key_info& info) {
  std::string out = "{" + accepted(info) + ", \"description\": " + json_quoted(info.doc);
  if (info.standard.empty()) return out + "}";
  const bool bare =
      info.kind == value_kind::flag || info.kind == value_kind::integer || info.kind == value_kind::number;
  return out + ", \"default\": " + (bare ? std::string(info.standard) : json_quoted(info.standard)) + "}";
}

// The `"properties": {…}` of one section, with the sections inside it.
std::string properties_of(const std::vector<key_info>& table, const std::string& section, const std::string& indent,
                          const std::string& more = "") {
  std::string out = "\"properties\": {";
  std::string last_name;
  for (const auto& info : table) {
    if (!info.path.starts_with(section)) continue;
    const auto rest = info.path.substr(section.size());
    const std::string name(rest.substr(0, rest.find('.')));
    if (name == last_name) continue;
    last_name = name;
    out += (out.ends_with('{') ? "\n" : ",\n") + indent + "  " + json_quoted(name) + ": ";
    if (rest == name) {
      out += property(info);
    } else {
      out += "{\"type\": [\"object\", \"null\"], \"additionalProperties\": false, " +
             properties_of(table, section + name + ".", indent + "  ") + "}";
    }
  }
  if (!more.empty()) out += ",\n" + more;
  return out + "\n" + indent + "}";
}

enum class named { yes, no };

std::string stream_schema(named name, const std::string& indent) {
  std::vector<key_info> table;
  std::copy_if(stream_key_infos().begin(), stream_key_infos().end(), std::back_inserter(table),
               [&](const key_info& info) { return name == named::yes || info.path != "name"; });
  return std::string("\"additionalProperties\": false, ") + (name == named::yes ? "\"required\": [\"name\"], " : "") +
         properties_of(table, "", indent);
}

}  // namespace

std::string configuration_json_schema() {
  const std::string streams =
      "    \"defaults\": {\"type\": [\"object\", \"null\"], \"description\": \"Options that every stream "
      "inherits.\", " +
      stream_schema(named::no, "    ") +
      "},\n    \"streams\": {\"type\": [\"array\", \"null\"], \"minItems\": 1, \"description\": \"What is polled; left "
      "out: one NEM stream.\", \"items\": {\"type\": \"object\", " +
      stream_schema(named::yes, "    ") + "}}";
  return "{\n  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n"
         "  \"title\": \"openelectricity-stream configuration\",\n"
         "  \"type\": [\"object\", \"null\"],\n  \"additionalProperties\": false,\n  \"patternProperties\": "
         "{\"^x-\": {\"description\": \"Your own, for anchors.\"}},\n  " +
         properties_of(daemon_key_infos(), "", "  ", streams) + "\n}\n";
}

}  // namespace oes
