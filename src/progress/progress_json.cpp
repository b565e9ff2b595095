#include "progress/progress_json.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include "model/utf8.hpp"

namespace oes::progress_json {
namespace {

// Far above whatever is counted, and far enough from where adding one would overflow.
constexpr std::int64_t largest_count = std::int64_t{1} << 61;

using writer = rapidjson::Writer<rapidjson::StringBuffer>;

constexpr int deepest = 16;

bool write_sorted(const value& v, writer& out, int depth) {
  if (depth > deepest) return false;
  if (v.IsArray()) {
    out.StartArray();
    for (const auto& one : v.GetArray()) {
      if (!write_sorted(one, out, depth + 1)) return false;
    }
    return out.EndArray();
  }
  if (!v.IsObject()) return v.Accept(out);
  std::vector<std::pair<std::string_view, const value*>> members;
  members.reserve(v.MemberCount());
  for (const auto& m : v.GetObject())
    members.emplace_back(std::string_view(m.name.GetString(), m.name.GetStringLength()), &m.value);
  std::stable_sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  out.StartObject();
  for (const auto& [name, one] : members) {
    out.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
    if (!write_sorted(*one, out, depth + 1)) return false;
  }
  return out.EndObject();
}

bool is_leaf(const value& v) { return !v.IsArray() && !v.IsObject(); }

bool on_one_line(const value& v) {
  if (v.IsArray()) return std::all_of(v.Begin(), v.End(), is_leaf);
  return std::all_of(v.MemberBegin(), v.MemberEnd(), [](const auto& m) { return is_leaf(m.value); });
}

void write_pretty(const value& v, std::string& out, std::size_t indent) {
  if (is_leaf(v)) {
    out += compact(v);
    return;
  }
  const bool one_line = on_one_line(v);
  const std::string between = one_line ? " " : "\n" + std::string(indent + 2, ' ');
  bool first = true;
  const auto separate = [&] {
    if (!first) out += ',';
    if (!first || !one_line) out += between;
    first = false;
  };
  out += v.IsArray() ? '[' : '{';
  if (v.IsArray()) {
    for (const auto& one : v.GetArray()) {
      separate();
      write_pretty(one, out, indent + 2);
    }
  } else {
    for (const auto& m : v.GetObject()) {
      separate();
      out += compact(m.name) + ": ";
      write_pretty(m.value, out, indent + 2);
    }
  }
  if (!one_line) out += "\n" + std::string(indent, ' ');
  out += v.IsArray() ? ']' : '}';
}

}  // namespace

rapidjson::Document start_record(std::int64_t format, std::int64_t sequence) {
  rapidjson::Document record(rapidjson::kObjectType);
  auto& memory = record.GetAllocator();
  record.AddMember("v", format, memory);
  record.AddMember("sequence", sequence, memory);
  return record;
}

result<rapidjson::Document> parse_object(std::string_view text) {
  rapidjson::Document out;
  // Iterative: a damaged file full of brackets must not overflow the stack.
  out.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(text.data(), text.size());
  if (out.HasParseError()) return damaged("is not JSON, from byte " + std::to_string(out.GetErrorOffset()));
  if (!out.IsObject()) return damaged("is not a JSON object");
  return out;
}

value text(std::string_view s, allocator& memory) {
  const auto valid = valid_utf8(s);
  return {valid.data(), static_cast<rapidjson::SizeType>(valid.size()), memory};
}

value ends_value(const partition_offsets& ends, std::size_t most, allocator& memory) {
  value out(rapidjson::kObjectType);
  for (const auto& [partition, offset] : ends) {
    if (out.MemberCount() == most) break;
    out.AddMember(text(std::to_string(partition), memory), value(offset), memory);
  }
  return out;
}

std::optional<partition_offsets> read_ends(const value& object) {
  if (!object.IsObject()) return std::nullopt;
  partition_offsets out;
  for (const auto& one : object.GetObject()) {
    const std::string_view name(one.name.GetString(), one.name.GetStringLength());
    std::int32_t partition = -1;
    const auto [end, failed] = std::from_chars(name.data(), name.data() + name.size(), partition);
    const bool number = failed == std::errc() && end == name.data() + name.size() && partition >= 0;
    if (!number || !one.value.IsInt64() || one.value.GetInt64() < 0) return std::nullopt;
    out[partition] = one.value.GetInt64();
  }
  return out;
}

std::optional<std::int64_t> count_in(const value& object, const char* name) {
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd() || !found->value.IsInt64() || found->value.GetInt64() < 0) return std::nullopt;
  if (found->value.GetInt64() > largest_count) return std::nullopt;
  return found->value.GetInt64();
}

std::optional<std::string> text_in(const value& object, const char* name) {
  const auto found = object.FindMember(name);
  if (found == object.MemberEnd() || !found->value.IsString()) return std::nullopt;
  return std::string(found->value.GetString(), found->value.GetStringLength());
}

std::string compact(const value& v) {
  rapidjson::StringBuffer buffer;
  writer out(buffer);
  v.Accept(out);
  return {buffer.GetString(), buffer.GetSize()};
}

std::optional<std::string> canonical(const value& v) {
  rapidjson::StringBuffer buffer;
  writer out(buffer);
  if (!write_sorted(v, out, 0)) return std::nullopt;
  return std::string(buffer.GetString(), buffer.GetSize());
}

std::string pretty(const value& v) {
  std::string out;
  write_pretty(v, out, 0);
  return out;
}

}  // namespace oes::progress_json
