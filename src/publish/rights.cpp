#include "publish/rights.hpp"

#include <set>

#include "kafka/topic_admin.hpp"
#include "publish/client_properties.hpp"
#include "publish/right_probes.hpp"
#include "publish/topic_check.hpp"
#include "publish/topic_doubts.hpp"

namespace oes {
namespace {

std::set<std::string> names_in(const topic_wishes_by_kind& wishes) {
  std::set<std::string> names;
  for (const auto* one : {&wishes.data, &wishes.facilities, &wishes.progress}) {
    for (const auto& setting : one->config) names.insert(setting.first);
  }
  return names;
}

std::string counted(int count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

class inspection {
 public:
  inspection(const publish_settings& settings, topic_admin& admin, logger& log)
      : settings_(settings), admin_(admin), log_(log) {}

  result<void> look_at_brokers() {
    auto view = admin_.look();
    if (!view) return view.error();
    view_ = std::move(*view);
    found.brokers = view_.brokers;
    found.cluster_id = admin_.cluster_id();
    return {};
  }

  void look_at_topic(const wanted_topic& topic) {
    const auto known = view_.topics.find(topic.name);
    if (known != view_.topics.end()) {
      note(topic.name, "Describe", right_verdict::has, right_need::always, "");
      look_at_settings(topic, known->second);
      probe_use(topic);
      return;
    }
    const auto seen = admin_.may_see(topic.name);
    if (!seen) {
      note(topic.name, "Describe", right_verdict::lacks, right_need::always, seen.error().context);
      note(topic.name, "Write", right_verdict::untold, right_need::always, "the topic cannot be seen");
      found.topics.push_back({topic.name, "cannot be seen by this user", "it may be there or not", ""});
      return;
    }
    note(topic.name, "Describe", right_verdict::has, right_need::always, "");
    look_at_making(topic);
    note(topic.name, "Write", right_verdict::untold, right_need::always, "the topic is not there yet");
  }

  void look_at_leading() {
    for (auto& one : probe_group(settings_, log_)) found.rights.push_back(std::move(one));
    if (settings_.delivery != delivery_guarantee::exactly_once) return;
    for (const auto* right : {"Write", "Describe"}) {
      found.rights.push_back({"transactional.id " + transactional_id(settings_), right, right_verdict::untold,
                              right_need::always,
                              "asking for it would take the leadership from the daemon that has it; the start tells"});
    }
  }

  kafka_findings found;

 private:
  void note(const std::string& topic, const char* right, right_verdict verdict, right_need need, std::string why) {
    found.rights.push_back({"topic " + topic, right, verdict, need, std::move(why)});
  }

  void look_at_settings(const wanted_topic& topic, topic_facts facts) {
    topic_finding out{
        topic.name,
        counted(facts.partitions, "partition", "partitions") + ", " + counted(facts.replication, "copy", "copies"), "",
        ""};
    const auto settings = admin_.settings_of({topic.name}, names_in(settings_.topics));
    const bool told = settings && settings->topics.contains(topic.name);
    if (told) facts.settings = settings->topics.at(topic.name);
    const bool refused = settings && settings->unreadable.contains(topic.name);
    note(topic.name, "DescribeConfigs",
         told      ? right_verdict::has
         : refused ? right_verdict::lacks
                   : right_verdict::untold,
         right_need::at_times,
         told      ? ""
         : refused ? settings->unreadable.at(topic.name) + ": its settings are not checked"
                   : (settings ? "no answer" : settings.error().context));
    if (told) out.state += ", " + settings_text(facts.settings);
    const auto fine = check_topic(topic, facts);
    if (!fine) out.trouble = fine.error().context;
    out.doubt = doubt_about(topic, facts, settings_.topics);
    const auto differs = difference_from_wishes(topic, facts, settings_.topics);
    if (!differs.empty())
      out.doubt += (out.doubt.empty() ? "" : "; ") + ("it differs from kafka.topics, and stays so: " + differs);
    found.topics.push_back(std::move(out));
  }

  void look_at_making(const wanted_topic& topic) {
    topic_finding out{topic.name, "missing", "", ""};
    const auto plan = plan_topic(topic, view_.brokers, settings_.topics);
    if (!may_create(topic, settings_.create_topics)) {
      out.trouble =
          "kafka.create_topics does not allow making it: " + kafka_topics_line(plan, settings_.bootstrap_servers);
      found.topics.push_back(std::move(out));
      return;
    }
    const auto tried = admin_.try_to_create(plan);
    out.state += tried ? "; the daemon makes it: " + counted(plan.partitions, "partition", "partitions") + ", " +
                             counted(plan.replication, "copy", "copies") + ", " + settings_text(plan.settings)
                       : "";
    const bool unauthorized = !tried && tried.error().context.find("uthoriz") != std::string::npos;
    if (!tried) out.trouble = "the daemon could not make it: " + tried.error().context;
    note(topic.name, "Create",
         tried          ? right_verdict::has
         : unauthorized ? right_verdict::lacks
                        : right_verdict::untold,
         right_need::always, tried ? "" : tried.error().context);
    found.topics.push_back(std::move(out));
  }

  void probe_use(const wanted_topic& topic) {
    found.rights.push_back(probe_write(settings_, topic.name, log_));
    auto read = probe_read(settings_, topic.name, log_);
    if (topic.use != topic_use::progress) {
      read.need = right_need::at_times;
      if (read.verdict == right_verdict::lacks) read.why += ": progress verify, backfill --refresh and tail need it";
    }
    found.rights.push_back(std::move(read));
  }

  const publish_settings& settings_;
  topic_admin& admin_;
  logger& log_;
  cluster_view view_;
};

}  // namespace

result<kafka_findings> ask_kafka(const publish_settings& settings, const std::vector<wanted_topic>& wanted,
                                 logger& log) {
  const auto admin = topic_admin::connect(settings, log);
  if (!admin) return admin.error();
  inspection all(settings, **admin, log);
  if (const auto reached = all.look_at_brokers(); !reached) return reached.error();
  // It never answers admin calls, knows no rights, and would keep what the probes send.
  if ((*admin)->is_mock()) return std::move(all.found);
  for (const auto& topic : wanted) all.look_at_topic(topic);
  all.look_at_leading();
  return std::move(all.found);
}

}  // namespace oes
