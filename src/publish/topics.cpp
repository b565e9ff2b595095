#include "publish/topics.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "publish/fault.hpp"
#include "publish/topic_admin.hpp"
#include "publish/topic_check.hpp"

namespace oes {
namespace {

using clock = std::chrono::steady_clock;
constexpr auto appear_within = std::chrono::seconds(15);

std::vector<std::string> names_of(const std::vector<wanted_topic>& wanted) {
  std::vector<std::string> names;
  for (const auto& topic : wanted) {
    names.push_back(topic.name);
  }
  return names;
}

std::vector<wanted_topic> missing_of(const std::vector<wanted_topic>& wanted, const cluster_view& view) {
  std::vector<wanted_topic> missing;
  std::ranges::copy_if(wanted, std::back_inserter(missing),
                       [&](const wanted_topic& topic) { return !view.topics.contains(topic.name); });
  return missing;
}

/// Nothing is made unless everything that is missing may be made: half a set of topics helps nobody.
result<std::vector<topic_plan>> plans_for(const std::vector<wanted_topic>& missing, const publish_settings& settings,
                                          int brokers) {
  std::vector<topic_plan> plans;
  std::string not_allowed;
  for (const auto& topic : missing) {
    plans.push_back(plan_topic(topic, brokers));
    if (!may_create(topic, settings.create_topics)) {
      not_allowed += (not_allowed.empty() ? "" : "; ") + kafka_topics_line(plans.back(), settings.bootstrap_servers);
    }
  }
  if (!not_allowed.empty()) {
    return fault(errc::kafka_refused,
                 "topics are missing and kafka.create_topics does not allow making them: " + not_allowed);
  }
  return plans;
}

result<cluster_view> wait_for(topic_admin& admin, const std::vector<wanted_topic>& wanted) {
  const auto deadline = clock::now() + appear_within;
  for (;;) {
    auto view = admin.look();
    if (!view || missing_of(wanted, *view).empty()) {
      return view;
    }
    if (clock::now() > deadline) {
      return fault(errc::kafka_unavailable, "topic " + missing_of(wanted, *view).front().name + " does not appear");
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
}

result<cluster_view> make_missing(topic_admin& admin, const publish_settings& settings,
                                  const std::vector<wanted_topic>& wanted, bool admin_calls, logger& log) {
  auto view = admin.look();
  if (!view) {
    return view;
  }
  const auto missing = missing_of(wanted, *view);
  if (missing.empty()) {
    return view;
  }
  result<void> made;
  if (admin_calls) {
    const auto plans = plans_for(missing, settings, view->brokers);
    if (!plans) {
      return plans.error();
    }
    made = admin.create(*plans);
    for (const auto& plan : *plans) {
      log.info("Making a topic",
               {{"topic", plan.name}, {"partitions", plan.partitions}, {"settings", settings_text(plan.settings)}});
    }
  } else {
    made = create_by_asking(settings, names_of(missing), log);
  }
  if (!made) {
    return made.error();
  }
  return wait_for(admin, wanted);
}

result<bool> has_admin_calls(topic_admin& admin, const publish_settings& settings,
                             const std::vector<std::string>& names, logger& log) {
  const auto seen = admin.settings_of(names);
  if (!seen) {
    return seen.error();
  }
  if (!seen->supported && settings.delivery == delivery_guarantee::exactly_once) {
    return fault(errc::kafka_refused,
                 "this Kafka answers no questions about topics (a mock broker?): exactly_once "
                 "cannot check its progress topic; use delivery: at_least_once");
  }
  if (!seen->supported) {
    log.warn("This Kafka answers no questions about topics (a mock broker?): settings are not checked");
  }
  return seen->supported;
}

void tell(const std::string& name, const topic_facts& facts, logger& log) {
  log.info("Topic", {{"topic", name},
                     {"partitions", facts.partitions},
                     {"replication", facts.replication},
                     {"settings", settings_text(facts.settings)}});
}

result<void> fill(topic_admin& admin, const settings_view& settings, const wanted_topic& topic, topic_facts& facts,
                  logger& log) {
  if (const auto known = settings.topics.find(topic.name); known != settings.topics.end()) {
    facts.settings = known->second;
  }
  if (const auto why = settings.unreadable.find(topic.name); why != settings.unreadable.end()) {
    log.warn("The settings of a topic cannot be read, so they are not checked",
             {{"topic", topic.name}, {"why", why->second}});
  }
  if (auto fine = check_topic(topic, facts); !fine) {
    return fine;
  }
  tell(topic.name, facts, log);
  return admin.measure(topic.name, facts);
}

}  // namespace

result<topic_report> prepare_topics(const publish_settings& settings, const std::vector<wanted_topic>& wanted,
                                    logger& log) {
  const auto names = names_of(wanted);
  const auto admin = topic_admin::connect(settings, log);
  if (!admin) {
    return admin.error();
  }
  const auto admin_calls = has_admin_calls(**admin, settings, names, log);
  if (!admin_calls) {
    return admin_calls.error();
  }
  auto view = make_missing(**admin, settings, wanted, *admin_calls, log);
  if (!view) {
    return view.error();
  }
  const auto found = *admin_calls ? (*admin)->settings_of(names) : result<settings_view>(settings_view{});
  if (!found) {
    return found.error();
  }
  topic_report report;
  report.cluster_id = (*admin)->cluster_id();
  for (const auto& topic : wanted) {
    auto& facts = report.topics[topic.name] = view->topics[topic.name];
    if (const auto fine = fill(**admin, *found, topic, facts, log); !fine) {
      return fine.error();
    }
  }
  return report;
}

}  // namespace oes
