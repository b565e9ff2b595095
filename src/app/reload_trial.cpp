#include "app/reload_trial.hpp"

#include <algorithm>
#include <boost/asio/thread_pool.hpp>
#include <utility>

#include "app/exit_code.hpp"
#include "app/parts.hpp"
#include "app/topic_look.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

// A file of certificates can be there and be none: found before anything is taken over.
std::optional<std::string> fault_of_source(const trial_context& by, const configuration& wanted) {
  try {
    auto key = make_api_key(wanted);
    const auto trial = make_source(wanted, {key, by.clock, by.log, by.secrets}, by.key_file);
    return std::nullopt;
  } catch (const failure& why) {
    return why.what();
  }
}

// Kafka may be back in a moment; what else it says stands.
job_answer answer_to(const error& why) {
  return why.code == errc::kafka_unavailable ? not_reloaded(why.context) : reload_refused({why.context});
}

bool lacks_topics(const topic_report& report) {
  return std::ranges::any_of(report.topics, [](const auto& topic) { return topic.second.partitions == 0; });
}

asio::awaitable<result<topic_report>> topics_for(const trial_context& by, const configuration& wanted, std::string home,
                                                 missing_topics missing) {
  const auto groups = make_groups(wanted.streams);
  asio::thread_pool thread(1);  // the leader's own goes on with its work
  auto looking = topics_of({wanted, groups, thread.get_executor(), by.log}, std::move(home), missing);
  auto topics = co_await std::move(looking);
  thread.join();
  co_return topics;
}

}  // namespace

asio::awaitable<std::optional<job_answer>> try_configuration(trial_context by, const configuration& wanted,
                                                             const config_changes& changes, std::string home) {
  if (auto fault = fault_of_source(by, wanted)) co_return reload_refused({std::move(*fault)});
  bool makes_topics = false;
  if (concerns_topics(changes)) {
    // Also whether what logs in to Kafka gets in: clients that work are not given up for some that do not.
    auto looking = topics_for(by, wanted, home, missing_topics::leave);
    const auto topics = co_await std::move(looking);
    if (!topics) co_return answer_to(topics.error());
    makes_topics = lacks_topics(*topics);
  }
  if (concerns_streams(changes)) {
    const auto groups = make_groups(wanted.streams);
    auto looking = by.schemas.would_fit(wanted, groups);
    const auto fits = co_await std::move(looking);
    if (!fits) co_return answer_to(fits.error());
  }
  // Not before nothing else is against it: topics of a configuration that was refused would stay.
  if (makes_topics) {
    auto making = topics_for(by, wanted, home, missing_topics::make);
    const auto made = co_await std::move(making);
    if (!made) co_return answer_to(made.error());
  }
  co_return std::nullopt;
}

job_answer not_reloaded(const std::string& why) { return {exit_locked, "not reloaded: " + why}; }

job_answer reload_refused(std::vector<std::string> why) {
  if (why.size() == 1) return {exit_config, "reload refused, what ran goes on: " + why.front()};
  auto text = "reload refused for " + std::to_string(why.size()) + " reasons, what ran goes on";
  return {exit_config, std::move(text), false, std::move(why), {}};
}

}  // namespace oes
