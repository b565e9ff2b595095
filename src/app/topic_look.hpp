#pragma once
// The topics of a configuration, looked at where blocking keeps nobody up.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "config/configuration.hpp"
#include "groups/request_group.hpp"
#include "publish/topics.hpp"
#include "telemetry/log.hpp"

namespace oes {

/// Whose topics, and what they are looked at with. Of the running configuration a reload replaces the content.
struct topic_sight {
  const configuration& config;
  const std::vector<request_group>& groups;
  boost::asio::any_io_executor blocking;
  logger& log;
};

/// What is wrong is refused; what is missing is made where it may be. `home`: the cluster outside which nothing is made
/// (publish/topics.hpp). kafka_unavailable: try again.
boost::asio::awaitable<result<topic_report>> topics_of(topic_sight by, std::string home, missing_topics missing);

/// The configuration has something to write there: what was written to other topics before is nobody's business.
bool is_written(const topic_sight& by, const std::string& topic);

}  // namespace oes
