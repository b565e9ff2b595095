#include "commands/record_members.hpp"

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

namespace oes {
namespace {

using members = std::vector<record_member>;

// Iterative: a record may be nested deeper than the stack. Numbers as the texts that they are: no digit is lost.
constexpr unsigned parse_flags = rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseIterativeFlag;

class collector : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, collector> {
 public:
  collector(std::string_view text, const rapidjson::MemoryStream& at, members& into)
      : text_(text), at_(at), into_(into) {}

  // RapidJSON's names.
  // NOLINTBEGIN(readability-identifier-naming)
  bool Null() { return add(""); }
  bool Bool(bool truth) { return add(truth ? "true" : "false"); }
  bool RawNumber(const char* digits, rapidjson::SizeType size, bool) {
    if (depth_ == 1) into_.back().is_number = true;
    return add({digits, size});
  }
  bool String(const char* text, rapidjson::SizeType size, bool) { return add({text, size}); }
  bool Key(const char* name, rapidjson::SizeType size, bool) {
    if (depth_ == 1) into_.push_back({std::string(name, size), ""});
    return true;
  }
  bool StartObject() { return open(); }
  bool StartArray() { return depth_ > 0 && open(); }
  bool EndObject(rapidjson::SizeType) { return close(); }
  bool EndArray(rapidjson::SizeType) { return close(); }
  // NOLINTEND(readability-identifier-naming)

 private:
  bool add(std::string_view value) {
    if (depth_ == 1) into_.back().text = value;
    return depth_ > 0;
  }
  // The bracket itself is still to come, at either end.
  bool open() {
    if (++depth_ == 2) begin_ = at_.Tell();
    return true;
  }
  bool close() {
    if (--depth_ == 1) into_.back().text = text_.substr(begin_, at_.Tell() + 1 - begin_);
    return true;
  }

  std::string_view text_;
  const rapidjson::MemoryStream& at_;
  members& into_;
  std::size_t depth_ = 0;
  std::size_t begin_ = 0;
};

}  // namespace

std::optional<record_members> record_members::read(std::string_view record) {
  record_members out;
  rapidjson::MemoryStream stream(record.data(), record.size());
  collector into(record, stream, out.members_);
  rapidjson::Reader reader;
  if (!reader.Parse<parse_flags>(stream, into)) return std::nullopt;
  return out;
}

const std::string* record_members::find(std::string_view name) const {
  for (const auto& one : members_) {
    if (one.name == name) return &one.text;
  }
  return nullptr;
}

std::string record_members::text(std::string_view name) const {
  const auto* found = find(name);
  return found != nullptr ? *found : "";
}

}  // namespace oes
