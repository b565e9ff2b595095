#include "publish/topics.hpp"

#include <algorithm>
#include <chrono>

#include "async/clock.hpp"
#include "kafka/fault.hpp"
#include "kafka/topic_admin.hpp"
#include "publish/topic_check.hpp"
#include "publish/topic_doubts.hpp"

namespace oes {
namespace {

constexpr auto appear_within = std::chrono::seconds(15);

std::vector<std::string> names_of(const std::vector<wanted_topic>& wanted) {
  std::vector<std::string> names;
  names.reserve(wanted.size());
  for (const auto& topic : wanted) names.push_back(topic.name);
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
    plans.push_back(plan_topic(topic, brokers, settings.topics));
    if (!may_create(topic, settings.create_topics))
      not_allowed += (not_allowed.empty() ? "" : "; ") + kafka_topics_line(plans.back(), settings.bootstrap_servers);
  }
  if (!not_allowed.empty()) {
    return fault(errc::kafka_refused,
                 "topics are missing and kafka.create_topics does not allow making them: " + not_allowed);
  }
  return plans;
}

result<cluster_view> wait_for(topic_admin& admin, const std::vector<wanted_topic>& wanted) {
  const auto deadline = steady_now() + appear_within;
  for (;;) {
    auto view = admin.look();
    if (!view || missing_of(wanted, *view).empty()) return view;
    if (steady_now() > deadline)
      return fault(errc::kafka_unavailable, "topic " + missing_of(wanted, *view).front().name + " does not appear");
    hold_thread(std::chrono::milliseconds(50));
  }
}

// Topics that are not there, but that this user would see if they were.
result<std::vector<wanted_topic>> known_missing(topic_admin& admin, const std::vector<wanted_topic>& wanted,
                                                const cluster_view& view) {
  auto missing = missing_of(wanted, view);
  for (const auto& topic : missing) {
    if (const auto seen = admin.may_see(topic.name); !seen) return seen.error();
  }
  return missing;
}

result<cluster_view> make_missing(topic_admin& admin, const publish_settings& settings,
                                  const std::vector<wanted_topic>& wanted, bool admin_calls, logger& log) {
  auto view = admin.look();
  if (!view) return view;
  const auto missing = known_missing(admin, wanted, *view);
  if (!missing) return missing.error();
  if (missing->empty()) return view;
  if (!admin_calls) {
    const auto asked = create_by_asking(settings, names_of(*missing), log);
    if (!asked) return asked.error();
    return wait_for(admin, wanted);
  }
  const auto plans = plans_for(*missing, settings, view->brokers);
  if (!plans) return plans.error();
  const auto made = admin.create(*plans);
  if (!made) return made.error();
  // Not before: it is tried again every few seconds while the brokers cannot make it.
  for (const auto& plan : *plans) {
    log.info("made a topic",
             {{"topic", plan.name}, {"partitions", plan.partitions}, {"settings", settings_text(plan.settings)}});
  }
  return wait_for(admin, wanted);
}

// Refuses what make_missing would.
result<cluster_view> leave_missing(topic_admin& admin, const publish_settings& settings,
                                   const std::vector<wanted_topic>& wanted, bool admin_calls) {
  auto view = admin.look();
  if (!view) return view;
  const auto missing = known_missing(admin, wanted, *view);
  if (!missing) return missing.error();
  if (missing->empty() || !admin_calls) return view;
  const auto plans = plans_for(*missing, settings, view->brokers);
  if (!plans) return plans.error();
  return view;
}

result<bool> has_admin_calls(topic_admin& admin, const publish_settings& settings, logger& log) {
  const auto reachable = admin.look();
  if (!reachable) return reachable.error();
  if (!admin.is_mock()) return true;
  if (settings.delivery == delivery_guarantee::exactly_once) {
    return fault(errc::kafka_refused,
                 "this is librdkafka's mock broker, which keeps no transactions; it needs delivery: at_least_once");
  }
  log.warn("this is librdkafka's mock broker: topics are not checked, and made by asking for them");
  return false;
}

void tell(const std::string& name, const topic_facts& facts, logger& log) {
  log.debug("topic", {{"topic", name},
                      {"partitions", facts.partitions},
                      {"replication", facts.replication},
                      {"settings", settings_text(facts.settings)}});
}

// What keeps nobody from starting, and should be known.
void warn(const settings_view& settings, const wanted_topic& topic, const topic_facts& facts,
          const topic_wishes_by_kind& wishes, logger& log) {
  if (const auto why = settings.unreadable.find(topic.name); why != settings.unreadable.end()) {
    log.warn("the settings of a topic cannot be read, so they are not checked",
             {{"topic", topic.name}, {"why", why->second}});
  }
  if (const auto doubt = doubt_about(topic, facts, wishes); !doubt.empty()) {
    log.warn("a topic is not set as it should be", {{"topic", topic.name}, {"why", doubt}});
  }
}

topic_facts facts_of(const wanted_topic& topic, const cluster_view& view, const settings_view& settings) {
  topic_facts facts;
  if (const auto there = view.topics.find(topic.name); there != view.topics.end()) facts = there->second;
  if (const auto known = settings.topics.find(topic.name); known != settings.topics.end())
    facts.settings = known->second;
  return facts;
}

result<topic_report> report_of(const publish_settings& settings, const std::vector<wanted_topic>& wanted, logger& log,
                               const std::string& home, missing_topics missing) {
  const auto admin = topic_admin::connect(settings, log);
  if (!admin) return admin.error();
  const auto admin_calls = has_admin_calls(**admin, settings, log);
  if (!admin_calls) return admin_calls.error();
  topic_report report;
  report.cluster_id = (*admin)->cluster_id();
  const bool foreign = !home.empty() && !report.cluster_id.empty() && report.cluster_id != home;
  const auto view = foreign                           ? (*admin)->look()
                    : missing == missing_topics::make ? make_missing(**admin, settings, wanted, *admin_calls, log)
                                                      : leave_missing(**admin, settings, wanted, *admin_calls);
  if (!view) return view.error();
  result<settings_view> found = settings_view{};
  if (*admin_calls) found = (*admin)->settings_of(names_of(wanted));
  if (!found) return found.error();
  // Whoever asks may have a lease to serve.
  const auto measured_until = steady_now() + appear_within;
  for (const auto& topic : wanted) {
    auto& facts = report.topics[topic.name] = facts_of(topic, *view, *found);
    if (facts.partitions == 0) continue;  // not there, and not made
    if (*admin_calls) {
      warn(*found, topic, facts, settings.topics, log);
      if (const auto fine = check_topic(topic, facts); !fine) return fine.error();
    }
    tell(topic.name, facts, log);
    const bool in_time = steady_now() < measured_until || topic.use == topic_use::progress;
    const auto measured = in_time ? (*admin)->measure(topic.name, facts)
                                  : result<void>(fault(errc::kafka_unavailable, "others took too long"));
    if (!measured && topic.use == topic_use::progress) return measured.error();
    if (!measured) {
      // Its stream is set apart once Kafka refuses its records; the others must not wait for it.
      facts.measured = false;
      log.warn("a topic cannot be measured: it counts as one that holds records",
               {{"topic", topic.name}, {"why", measured.error().context}});
    }
  }
  return report;
}

}  // namespace

result<topic_report> prepare_topics(const publish_settings& settings, const std::vector<wanted_topic>& wanted,
                                    logger& log, const std::string& home) {
  return report_of(settings, wanted, log, home, missing_topics::make);
}

result<topic_report> look_at_topics(const publish_settings& settings, const std::vector<wanted_topic>& wanted,
                                    logger& log, const std::string& home) {
  return report_of(settings, wanted, log, home, missing_topics::leave);
}

result<std::string> recheck_topics(const publish_settings& settings, const std::vector<wanted_topic>& wanted,
                                   logger& log) {
  const auto admin = topic_admin::connect(settings, log);
  if (!admin) return admin.error();
  const auto view = (*admin)->look();
  if (!view) return view.error();
  if ((*admin)->is_mock()) return std::string();
  const auto found = (*admin)->settings_of(names_of(wanted));
  if (!found) return found.error();
  std::string doubts;
  for (const auto& topic : wanted) {
    const auto facts = facts_of(topic, *view, *found);
    if (facts.partitions == 0) continue;  // the next record to it is refused, and tells
    if (const auto fine = check_topic(topic, facts); !fine) return fine.error();
    const auto doubt = doubt_about(topic, facts, settings.topics);
    if (!doubt.empty()) doubts.append(doubts.empty() ? "" : "; ").append("topic " + topic.name + " has " + doubt);
  }
  return doubts;
}

}  // namespace oes
