#include "app/topic_look.hpp"

#include <algorithm>
#include <functional>
#include <utility>

#include "app/wanted_topics.hpp"
#include "async/blocking.hpp"

namespace oes {

namespace asio = boost::asio;

asio::awaitable<result<topic_report>> topics_of(topic_sight by, std::string home, missing_topics missing) {
  // Values: a reload may replace the configuration while the other thread looks.
  std::function<result<topic_report>()> work = [settings = by.config.publish,
                                                wanted = wanted_topics(by.config, by.groups), home = std::move(home),
                                                missing, &log = by.log] {
    return missing == missing_topics::make ? prepare_topics(settings, wanted, log, home)
                                           : look_at_topics(settings, wanted, log, home);
  };
  auto report = co_await run_blocking(std::move(by.blocking), std::move(work));
  co_return report;
}

bool is_written(const topic_sight& by, const std::string& topic) {
  const auto wanted = wanted_topics(by.config, by.groups);
  return std::any_of(wanted.begin(), wanted.end(), [&](const wanted_topic& one) { return one.name == topic; });
}

}  // namespace oes
