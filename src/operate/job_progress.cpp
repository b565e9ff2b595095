#include "operate/job_progress.hpp"

#include "operate/job_json.hpp"

namespace oes {

using namespace job_json;

std::string to_line(const job_progress& news) {
  rapidjson::StringBuffer buffer;
  writer out(buffer);
  begin(out);
  out.Key("progress");
  out.StartObject();
  put(out, "done", news.done);
  put(out, "of", news.of);
  put(out, "records", news.records);
  put(out, "requests", news.requests);
  put(out, "from", news.from);
  put(out, "to", news.to);
  put(out, "waits_for", news.waits_for);
  put(out, "until", news.until);
  if (news.seconds_left) put(out, "seconds_left", *news.seconds_left);
  out.EndObject();
  out.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

result<std::optional<job_progress>> progress_from_line(std::string_view line) {
  const auto parsed = parse(line);
  if (!parsed) return parsed.error();
  const auto found = parsed->FindMember("progress");
  if (found == parsed->MemberEnd()) return std::optional<job_progress>();
  if (!found->value.IsObject()) return malformed("progress that is none");
  const auto& object = found->value;
  job_progress news;
  news.done = number_in(object, "done").value_or(0);
  news.of = number_in(object, "of").value_or(0);
  news.records = number_in(object, "records").value_or(0);
  news.requests = number_in(object, "requests").value_or(0);
  news.from = text_in(object, "from");
  news.to = text_in(object, "to");
  news.waits_for = text_in(object, "waits_for");
  news.until = text_in(object, "until");
  news.seconds_left = number_in(object, "seconds_left");
  return std::optional<job_progress>(std::move(news));
}

}  // namespace oes
