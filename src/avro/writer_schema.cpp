#include "avro/writer_schema.hpp"

#include <rapidjson/document.h>

#include <array>
#include <optional>
#include <utility>

namespace oes::avro {
namespace {

using json = rapidjson::Value;

constexpr int deepest = 4;  // a union of a map of a union

constexpr std::array<std::pair<std::string_view, type_kind>, 8> simple_types{{{"null", type_kind::null_value},
                                                                              {"boolean", type_kind::boolean},
                                                                              {"int", type_kind::integer},
                                                                              {"long", type_kind::integer},
                                                                              {"float", type_kind::single},
                                                                              {"double", type_kind::number},
                                                                              {"string", type_kind::text},
                                                                              {"map", type_kind::map}}};

std::string_view text_in(const json& object, const char* name) {
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd() || !found->value.IsString()) return {};
  return {found->value.GetString(), found->value.GetStringLength()};
}

std::optional<type_kind> kind_of(std::string_view name) {
  for (const auto& [word, kind] : simple_types) {
    if (word == name) return kind;
  }
  return std::nullopt;
}

std::optional<type> type_of(const json& written, int depth);

std::optional<type> either_of(const json& branches, int depth) {
  type out{type_kind::either, false, {}};
  for (const auto& branch : branches.GetArray()) {
    auto one = type_of(branch, depth - 1);
    if (!one || one->kind == type_kind::either) return std::nullopt;
    out.of.push_back(std::move(*one));
  }
  if (out.of.empty()) return std::nullopt;
  return out;
}

std::optional<type> type_of(const json& written, int depth) {
  if (depth == 0) return std::nullopt;
  if (written.IsArray()) return either_of(written, depth);
  const bool named = written.IsString();
  if (!named && !written.IsObject()) return std::nullopt;
  const auto word = named ? std::string_view(written.GetString(), written.GetStringLength()) : text_in(written, "type");
  const auto kind = kind_of(word);
  if (!kind || (named && *kind == type_kind::map)) return std::nullopt;
  type out{*kind, false, {}};
  if (named) return out;
  out.is_instant = *kind == type_kind::integer && text_in(written, "logicalType") == "timestamp-micros";
  if (*kind != type_kind::map) return out;
  const auto values = written.FindMember("values");
  if (values == written.MemberEnd()) return std::nullopt;
  auto value = type_of(values->value, depth - 1);
  if (!value || value->kind == type_kind::map) return std::nullopt;
  out.of.push_back(std::move(*value));
  return out;
}

error unusable(const std::string& why) { return {errc::damaged, "the writer's schema " + why}; }

}  // namespace

result<writer_schema> read_schema(std::string_view text) {
  rapidjson::Document whole;
  whole.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(text.data(), text.size());
  if (whole.HasParseError() || !whole.IsObject() || text_in(whole, "type") != "record") {
    return unusable("is no record");
  }
  const auto fields = whole.FindMember("fields");
  if (fields == whole.MemberEnd() || !fields->value.IsArray()) return unusable("has no fields");
  writer_schema out;
  const auto space = text_in(whole, "namespace");
  out.name = space.empty() ? std::string(text_in(whole, "name"))
                           : std::string(space) + "." + std::string(text_in(whole, "name"));
  for (const auto& one : fields->value.GetArray()) {
    if (!one.IsObject()) return unusable("has a field that is none");
    const std::string name(text_in(one, "name"));
    const auto written = one.FindMember("type");
    auto holds = written == one.MemberEnd() ? std::nullopt : type_of(written->value, deepest);
    if (name.empty() || !holds) return unusable("has a field that cannot be read: " + name);
    out.fields.push_back({name, std::move(*holds)});
  }
  return out;
}

}  // namespace oes::avro
