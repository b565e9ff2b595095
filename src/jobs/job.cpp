#include "jobs/job.hpp"

#include <rapidjson/document.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <array>

namespace oes {
namespace {

constexpr int protocol = 1;
constexpr std::array kinds{job_kind::show, job_kind::reset,  job_kind::trust,          job_kind::adopt,
                           job_kind::seek, job_kind::rename, job_kind::import_progress};

using writer = rapidjson::Writer<rapidjson::StringBuffer>;

error malformed(std::string context) { return {errc::malformed, std::move(context), {}, 0}; }

void put(writer& out, const char* key, const std::string& text) {
  if (text.empty()) return;
  out.Key(key);
  out.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
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

}  // namespace

std::string_view name(job_kind kind) {
  switch (kind) {
    case job_kind::show:
      return "show";
    case job_kind::reset:
      return "reset";
    case job_kind::trust:
      return "trust";
    case job_kind::adopt:
      return "adopt";
    case job_kind::seek:
      return "seek";
    case job_kind::rename:
      return "rename";
    case job_kind::import_progress:
      return "import";
  }
  return "";
}

job_manner manner_of(job_kind kind, job_step step) {
  return kind == job_kind::show || step == job_step::plan ? job_manner::reading : job_manner::exclusive;
}

std::string to_line(const job& asked) {
  rapidjson::StringBuffer buffer;
  writer out(buffer);
  out.StartObject();
  out.Key("v");
  out.Int(protocol);
  put(out, "job", std::string(name(asked.kind)));
  put(out, "step", asked.step == job_step::perform ? "perform" : "plan");
  put(out, "stream", asked.stream);
  put(out, "metric", asked.metric);
  put(out, "to", asked.to);
  put(out, "side", asked.side);
  put(out, "document", asked.document);
  out.Key("replace");
  out.Bool(asked.replace);
  put(out, "reason", asked.reason);
  put(out, "who", asked.who);
  put(out, "host", asked.host);
  put(out, "command", asked.command);
  out.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

result<job> job_from_line(std::string_view line) {
  const auto parsed = parse(line);
  if (!parsed) return parsed.error();
  const auto& object = *parsed;
  job out;
  const auto word = text_in(object, "job");
  const auto* kind = std::find_if(kinds.begin(), kinds.end(), [&](job_kind k) { return name(k) == word; });
  if (kind == kinds.end()) return malformed("unknown job '" + word + "'");
  out.kind = *kind;
  out.step = text_in(object, "step") == "perform" ? job_step::perform : job_step::plan;
  out.stream = text_in(object, "stream");
  out.metric = text_in(object, "metric");
  out.to = text_in(object, "to");
  out.side = text_in(object, "side");
  out.document = text_in(object, "document");
  out.replace = flag_in(object, "replace");
  out.reason = text_in(object, "reason");
  out.who = text_in(object, "who");
  out.host = text_in(object, "host");
  out.command = text_in(object, "command");
  return out;
}

std::string to_line(const job_answer& given) {
  rapidjson::StringBuffer buffer;
  writer out(buffer);
  out.StartObject();
  out.Key("v");
  out.Int(protocol);
  out.Key("exit");
  out.Int(given.exit);
  put(out, "text", given.text);
  out.Key("confirm");
  out.Bool(given.must_confirm);
  out.Key("says");
  out.StartArray();
  for (const auto& line : given.says) out.String(line.data(), static_cast<rapidjson::SizeType>(line.size()));
  out.EndArray();
  put(out, "document", given.document);
  out.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

result<job_answer> answer_from_line(std::string_view line) {
  const auto parsed = parse(line);
  if (!parsed) return parsed.error();
  const auto& object = *parsed;
  const auto exit = object.FindMember("exit");
  if (exit == object.MemberEnd() || !exit->value.IsInt()) return malformed("an answer without its exit code");
  job_answer out{exit->value.GetInt(), text_in(object, "text"), flag_in(object, "confirm"), {}, {}};
  out.document = text_in(object, "document");
  const auto says = object.FindMember("says");
  if (says == object.MemberEnd() || !says->value.IsArray()) return out;
  for (const auto& one : says->value.GetArray()) {
    if (one.IsString()) out.says.emplace_back(one.GetString(), one.GetStringLength());
  }
  return out;
}

}  // namespace oes
