#pragma once
// Checks that look at more than one key. Each reports everything it finds.
#include <vector>

#include "config/check_means.hpp"
#include "config/configuration.hpp"
#include "config/settings_reader.hpp"

namespace oes {

/// What is to be checked: the resolved configuration, and where each part of it was written. `config.streams[i]` is
/// `settings.streams[i]`.
struct check_subject {
  const configuration& config;
  const all_settings& settings;
};

/// A key, a broker, timeouts that fit together, the test clock.
void check_daemon(const check_subject& subject, kafka_need kafka, problem_log& log);
/// Options of one stream that contradict each other or do not do what one would think.
void check_streams(const check_subject& subject, problem_log& log);
/// Facility series, and the list of facilities.
void check_facilities(const check_subject& subject, problem_log& log);
/// Topic names; streams whose keys can meet; groupings that share a topic.
void check_topics(const check_subject& subject, problem_log& log);
/// Avro needs a registry, which can be used as it is configured; a topic has one format.
void check_formats(const check_subject& subject, const check_means& means, problem_log& log);
/// kafka.topics: settings of topics that are none, or that would lose what must stay.
void check_topic_wishes(const check_subject& subject, problem_log& log);
/// Windows and history against the plan's limits, and the credits that the triggers would cost.
void check_budget(const check_subject& subject, problem_log& log);

/// Wishes that can never come true, and likely mistakes; what depends on the time and the machine only with the means
/// to know it.
void check_wishes(const check_subject& subject, const check_means& means, problem_log& log);
/// kafka.properties as librdkafka itself takes them.
void check_kafka(const check_subject& subject, const check_means& means, problem_log& log);

}  // namespace oes
