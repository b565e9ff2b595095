#include "registry/schema_memory.hpp"

#include <rapidjson/document.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/stringbuffer.h>

#include "files/durable_file.hpp"
#include "files/local_file.hpp"

namespace oes {
namespace {

constexpr const char* file_name = "schemas.json";
constexpr std::size_t largest_file = 4UL * 1024 * 1024;

std::string text_in(const rapidjson::Value& object, const char* name) {
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd() || !found->value.IsString()) return {};
  return {found->value.GetString(), found->value.GetStringLength()};
}

}  // namespace

std::string schema_memory_text(const schema_memory& memory) {
  rapidjson::StringBuffer out;
  rapidjson::PrettyWriter<rapidjson::StringBuffer> writer(out);
  writer.StartObject();
  for (const auto& [topic, one] : memory) {
    writer.Key(topic);
    writer.StartObject();
    writer.Key("id");
    writer.Int(one.id);
    writer.Key("sha256");
    writer.String(one.sha256);
    writer.Key("registry");
    writer.String(one.registry);
    writer.EndObject();
  }
  writer.EndObject();
  return std::string(out.GetString(), out.GetSize()) + "\n";
}

result<schema_memory> parse_schema_memory(std::string_view text) {
  const error damaged{errc::damaged, std::string(file_name) + " cannot be read"};
  rapidjson::Document whole;
  whole.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  if (whole.HasParseError() || !whole.IsObject()) return damaged;
  schema_memory out;
  for (const auto& topic : whole.GetObject()) {
    if (!topic.value.IsObject()) return damaged;
    const auto id = topic.value.FindMember("id");
    remembered_schema one{0, text_in(topic.value, "sha256"), text_in(topic.value, "registry")};
    if (id == topic.value.MemberEnd() || !id->value.IsInt() || one.sha256.empty()) return damaged;
    one.id = id->value.GetInt();
    out.emplace(std::string(topic.name.GetString(), topic.name.GetStringLength()), std::move(one));
  }
  return out;
}

result<schema_memory> read_schema_memory(const std::string& folder) {
  const auto text = read_local_file(folder + "/" + file_name, largest_file);
  if (!text) return error{errc::damaged, std::string(file_name) + ": " + text.error().context};
  if (!*text) return schema_memory();
  return parse_schema_memory(**text);
}

result<void> write_schema_memory(const std::string& folder, const schema_memory& memory) {
  return replace_file(folder, file_name, schema_memory_text(memory), old_file::gone);
}

}  // namespace oes
