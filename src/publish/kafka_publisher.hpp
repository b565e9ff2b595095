#pragma once
// ADAPTERS of publisher: exactly_once (transactional producer) and at_least_once (idempotent producer).
#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <string>

#include "publish/producer_watch.hpp"
#include "publish/publish_settings.hpp"
#include "publish/publisher.hpp"
#include "telemetry/log.hpp"

namespace oes {

/// `loop`: where lost() and results are delivered. `blocking`: one thread for librdkafka's blocking calls and the group
/// consumer's polls; it must run until after the publisher is gone, and what publish() was given must live as long.
/// `watch` is told of the producers, where there is one. `instance` names this process in claims and as client.id.
std::unique_ptr<publisher> make_kafka_publisher(publish_settings settings, std::string instance,
                                                boost::asio::any_io_executor loop,
                                                boost::asio::any_io_executor blocking, logger& log,
                                                std::shared_ptr<producer_watch> watch = {});

}  // namespace oes
