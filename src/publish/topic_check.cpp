#include "publish/topic_check.hpp"

#include <algorithm>

#include "kafka/fault.hpp"

namespace oes {
namespace {

constexpr int most_copies = 3;

}  // namespace

const topic_wishes& wish_for(topic_use use, const topic_wishes_by_kind& all) {
  switch (use) {
    case topic_use::data:
    case topic_use::data_by_series:
      return all.data;
    case topic_use::newest_only:
      return all.facilities;
    case topic_use::progress:
      break;
  }
  return all.progress;
}

topic_plan plan_topic(const wanted_topic& wanted, int brokers, const topic_wishes_by_kind& wishes) {
  topic_plan plan{
      wanted.name, wanted.use == topic_use::progress ? 1 : wanted.partitions, std::clamp(brokers, 1, most_copies), {}};
  switch (wanted.use) {
    case topic_use::data:
    case topic_use::data_by_series:
      plan.settings = {{"cleanup.policy", "delete"}, {"retention.ms", "-1"}};
      break;
    case topic_use::newest_only:
      plan.settings = {{"cleanup.policy", "compact"}};
      break;
    case topic_use::progress:
      // The newest segment is never compacted, and a start reads all that is left: small segments, a new one each day.
      plan.settings = {{"cleanup.policy", "compact"}, {"segment.bytes", "33554432"}, {"segment.ms", "86400000"}};
      break;
  }
  const auto& wish = wish_for(wanted.use, wishes);
  if (wish.partitions && wanted.use != topic_use::progress) plan.partitions = *wish.partitions;
  if (wish.replication) plan.replication = *wish.replication;
  if (plan.replication >= most_copies) plan.settings["min.insync.replicas"] = "2";
  for (const auto& [name, value] : wish.config) plan.settings[name] = value;
  return plan;
}

std::string difference_from_wishes(const wanted_topic& wanted, const topic_facts& facts,
                                   const topic_wishes_by_kind& wishes) {
  const auto& wish = wish_for(wanted.use, wishes);
  std::string out;
  const auto differs = [&out](const std::string& name, const std::string& is, const std::string& wished) {
    out.append(out.empty() ? "" : ", ").append(name + " is " + is + ", not " + wished);
  };
  const bool counted = wish.partitions && wanted.use != topic_use::progress;
  if (counted && *wish.partitions != facts.partitions)
    differs("partitions", std::to_string(facts.partitions), std::to_string(*wish.partitions));
  if (wish.replication && *wish.replication != facts.replication)
    differs("replication_factor", std::to_string(facts.replication), std::to_string(*wish.replication));
  for (const auto& [name, value] : wish.config) {
    const auto found = facts.settings.find(name);
    if (found != facts.settings.end() && found->second != value) differs(name, found->second, value);
  }
  return out;
}

bool may_create(const wanted_topic& wanted, topic_creation allowed) {
  switch (allowed) {
    case topic_creation::all:
      return true;
    case topic_creation::progress:
      return wanted.use == topic_use::progress;
    case topic_creation::none:
      return false;
  }
  return false;
}

std::string kafka_topics_line(const topic_plan& plan, const std::string& bootstrap_servers) {
  std::string line = "kafka-topics --bootstrap-server " + bootstrap_servers + " --create --topic " + plan.name +
                     " --partitions " + std::to_string(plan.partitions) + " --replication-factor " +
                     std::to_string(plan.replication);
  for (const auto& [name, value] : plan.settings) line.append(" --config ").append(name).append("=").append(value);
  return line;
}

result<void> check_topic(const wanted_topic& wanted, const topic_facts& facts) {
  const auto cleanup = facts.settings.find("cleanup.policy");
  if (wanted.use == topic_use::data_by_series && cleanup != facts.settings.end() &&
      cleanup->second.find("compact") != std::string::npos) {
    return fault(errc::kafka_refused, "topic " + wanted.name + " has cleanup.policy=" + cleanup->second +
                                          ", and records with record.key: series: compaction would keep one point of "
                                          "each series and drop the others; set cleanup.policy=delete, or give the "
                                          "stream a new name and record.key: point");
  }
  if (wanted.use != topic_use::progress) {
    return {};
  }
  if (facts.partitions != 1) {
    return fault(errc::kafka_refused, "progress topic " + wanted.name + " has " + std::to_string(facts.partitions) +
                                          " partitions; it must have exactly one");
  }
  if (cleanup != facts.settings.end() && cleanup->second != "compact") {
    return fault(errc::kafka_refused, "progress topic " + wanted.name + " has cleanup.policy=" + cleanup->second +
                                          "; it must be compact, or progress is deleted with time");
  }
  return {};
}

std::string settings_text(const std::map<std::string, std::string>& settings) {
  std::string text;
  for (const auto& [name, value] : settings)
    text.append(text.empty() ? "" : " ").append(name).append("=").append(value);
  return text;
}

}  // namespace oes
