#pragma once
// A record read back: its members in order, by a parser that is not ours.
#include <rapidjson/reader.h>

#include <string>
#include <string_view>
#include <vector>

namespace oes::test {

struct json_member {
  std::string name;
  char type;         ///< s text, n number, b boolean, 0 null, m map
  std::string text;  ///< of a map `a=b;`
  bool operator==(const json_member&) const = default;
};

// The method names are RapidJSON's.
// NOLINTBEGIN(readability-identifier-naming)
struct flattener : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, flattener> {
  std::vector<json_member> members;
  std::string key;
  int depth = 0;

  bool add(char type, std::string text) {
    if (depth == 2) {
      members.back().text += key + "=" + text + ";";
    } else {
      members.push_back({key, type, std::move(text)});
    }
    return depth == 1 || (depth == 2 && type == 's');
  }
  bool Null() { return add('0', ""); }
  bool Bool(bool value) { return add('b', value ? "true" : "false"); }
  bool RawNumber(const char* data, rapidjson::SizeType size, bool) { return add('n', std::string(data, size)); }
  bool String(const char* data, rapidjson::SizeType size, bool) { return add('s', std::string(data, size)); }
  bool Key(const char* data, rapidjson::SizeType size, bool) {
    key.assign(data, size);
    return true;
  }
  bool StartObject() {
    if (depth == 1) members.push_back({key, 'm', ""});
    return ++depth <= 2;
  }
  bool EndObject(rapidjson::SizeType) {
    --depth;
    return true;
  }
  bool StartArray() { return false; }
};
// NOLINTEND(readability-identifier-naming)

/// Empty: it is not one flat JSON object.
inline std::vector<json_member> flat(std::string_view json) {
  std::string copy(json);
  rapidjson::Reader reader;
  // In situ: RapidJSON's other way adds to a null pointer, which UBSan reports.
  rapidjson::InsituStringStream stream(copy.data());
  flattener found;
  constexpr auto flags =
      rapidjson::kParseInsituFlag | rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseValidateEncodingFlag;
  if (reader.Parse<flags>(stream, found).IsError()) return {};
  return found.members;
}

inline const json_member* find(const std::vector<json_member>& members, std::string_view name) {
  for (const auto& member : members) {
    if (member.name == name) return &member;
  }
  return nullptr;
}

inline std::string text_of(const std::vector<json_member>& members, std::string_view name) {
  const auto* member = find(members, name);
  return member == nullptr ? "-" : member->text;
}

}  // namespace oes::test
