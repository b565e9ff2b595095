#include <map>
#include <string_view>

#include "config/checks.hpp"
#include "config/proxy_choice.hpp"

namespace oes {
namespace {

// What a wrong value would be asked for is not known.
bool wants_registry(const check_subject& subject, const setting& format) {
  const auto& url = subject.settings.daemon.at("schema_registry.url");
  return as<std::string>(format.value) == "avro" && !url.is_set() && !url.refused;
}

void check_there_is_one(const check_subject& subject, problem_log& log) {
  const std::string missing = "avro needs a schema registry: set schema_registry.url";
  for (const auto& stream : subject.settings.streams) {
    const auto& format = stream.values.at("record.format");
    if (wants_registry(subject, format)) log.fault(format.at, format.key, missing);
  }
  const auto& format = subject.settings.daemon.at("facilities.format");
  if (subject.config.facilities.enabled && wants_registry(subject, format)) log.fault(format.at, format.key, missing);
}

void check_login(const check_subject& subject, problem_log& log) {
  const auto& registry = subject.config.registry;
  const auto& username = subject.settings.daemon.at("schema_registry.username");
  const auto& password = subject.settings.daemon.at("schema_registry.password");
  if (username.is_set() != password.is_set() && !username.refused && !password.refused) {
    const auto& alone = username.is_set() ? username : password;
    log.fault(alone.at, alone.key, "schema_registry.username and its password go together");
  }
  if (registry.url.starts_with("http://") && !registry.username.empty() && !is_on_this_machine(registry.url)) {
    const auto& url = subject.settings.daemon.at("schema_registry.url");
    log.fault(url.at, url.key, "http:// would send the password in the clear; write https://");
  }
}

// A reader of a topic can be told one format.
void check_topics_have_one(const check_subject& subject, problem_log& log) {
  std::map<std::string, const stream_spec*> first;
  for (std::size_t i = 0; i < subject.config.streams.size(); ++i) {
    const auto& spec = subject.config.streams[i];
    for (const auto& part : parts_of(spec)) {
      const auto topic = topic_for(spec, part.from, part.name);
      const auto& other = *first.try_emplace(topic, &spec).first->second;
      if (other.format == spec.format) continue;
      const auto& format = subject.settings.streams[i].values.at("record.format");
      log.fault(format.at, format.key,
                "stream '" + other.name + "' writes topic " + topic +
                    " in the other format; give one of them another "
                    "topic");
      break;
    }
  }
}

}  // namespace

void check_formats(const check_subject& subject, const check_means& means, problem_log& log) {
  check_there_is_one(subject, log);
  check_login(subject, log);
  check_topics_have_one(subject, log);
  const auto& url = subject.settings.daemon.at("schema_registry.url");
  if (!means.try_registry || !url.is_set()) return;
  const auto complaint = means.try_registry(subject.config.registry);
  if (!complaint.empty()) log.fault(url.at, url.key, complaint);
}

}  // namespace oes
