#pragma once
// The steps from nothing to the first transaction of a leadership (guarantee.md §3), for a daemon's term and for a
// command that does its job alone.
#include <boost/asio/awaitable.hpp>
#include <string>

#include "app/parts.hpp"
#include "commit/committer.hpp"
#include "progress/reconcile.hpp"
#include "publish/topics.hpp"

namespace oes {

/// The topics of the configuration: makes what is missing and may be made, refuses what is wrong. `home`: the cluster
/// outside which nothing is made (publish/topics.hpp). kafka_unavailable: try again.
boost::asio::awaitable<result<topic_report>> prepare_topics(parts& all, std::string home);
/// The same, but nothing is made.
boost::asio::awaitable<result<topic_report>> look_at_topics(parts& all, std::string home);
/// Either, of a configuration that is to be taken over, on a thread where blocking keeps nobody up.
boost::asio::awaitable<result<topic_report>> topics_of(const configuration& config,
                                                       const std::vector<request_group>& groups, std::string home,
                                                       missing_topics missing, boost::asio::any_io_executor blocking,
                                                       logger& log);
/// The cluster that what is known is of; empty: nothing is.
std::string home_of(const found_progress& known);
/// The start is through: topics were looked at, or Kafka is being waited for. Told to the service manager once.
void tell_ready(parts& all);
/// What both sides say, and the ledger, which only Kafka has.
struct both_sides {
  reconcile_input sides;
  ledger_book ledger;
  std::int64_t lands_at = -1;  ///< where the claim must land (committer)
};
/// Reads Kafka's progress to its end and puts the file beside it. An unreadable topic is refused with its ways out.
boost::asio::awaitable<result<both_sides>> find_both_sides(parts& all, found_progress file, std::string cluster_id);
/// The configuration has something to write there: what was written to other topics before is nobody's business.
bool is_written(const parts& all, const std::string& topic);
committer_settings committer_settings_of(const parts& all);

}  // namespace oes
