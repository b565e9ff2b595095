#include "operate/job.hpp"

#include <algorithm>
#include <array>

#include "model/utf8.hpp"
#include "operate/job_json.hpp"

namespace oes {

using namespace job_json;

namespace {

constexpr std::array kinds{job_kind::status,   job_kind::show,  job_kind::reset,  job_kind::trust,
                           job_kind::adopt,    job_kind::seek,  job_kind::rename, job_kind::import_progress,
                           job_kind::backfill, job_kind::reload};

}  // namespace

std::string_view name(job_kind kind) {
  switch (kind) {
    case job_kind::status:
      return "status";
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
    case job_kind::backfill:
      return "backfill";
    case job_kind::reload:
      return "reload";
  }
  return "";
}

job_manner manner_of(job_kind kind, job_step step) {
  if (kind == job_kind::status || kind == job_kind::show || step == job_step::plan) return job_manner::reading;
  return kind == job_kind::backfill ? job_manner::beside : job_manner::exclusive;
}

std::string to_line(const job& asked) {
  rapidjson::StringBuffer buffer;
  writer out(buffer);
  begin(out);
  put(out, "job", std::string(name(asked.kind)));
  put(out, "step", asked.step == job_step::perform ? "perform" : "plan");
  put(out, "deployment", asked.deployment);
  put(out, "stream", asked.stream);
  put(out, "metric", asked.metric);
  put(out, "from", asked.from);
  put(out, "to", asked.to);
  put(out, "side", asked.side);
  put(out, "document", asked.document);
  out.Key("replace");
  out.Bool(asked.replace);
  out.Key("refresh");
  out.Bool(asked.refresh);
  out.Key("republish");
  out.Bool(asked.republish);
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
  out.deployment = text_in(object, "deployment");
  out.stream = text_in(object, "stream");
  out.metric = text_in(object, "metric");
  out.from = text_in(object, "from");
  out.to = text_in(object, "to");
  out.side = text_in(object, "side");
  out.document = text_in(object, "document");
  out.replace = flag_in(object, "replace");
  out.refresh = flag_in(object, "refresh");
  out.republish = flag_in(object, "republish");
  out.reason = text_in(object, "reason");
  out.who = text_in(object, "who");
  out.host = text_in(object, "host");
  out.command = text_in(object, "command");
  // Whoever sends it: what goes into records must be readable there.
  for (const auto* text : {&out.deployment, &out.stream, &out.metric, &out.from, &out.to, &out.side, &out.reason,
                           &out.who, &out.host, &out.command}) {
    if (const auto fault = fault_of_text(*text)) return malformed("'" + printable(*text, 80) + "' " + *fault);
  }
  return out;
}

std::string to_line(const job_answer& given) {
  rapidjson::StringBuffer buffer;
  writer out(buffer);
  begin(out);
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
