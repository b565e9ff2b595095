#pragma once
// How a configuration reads Kafka: the progress topic, and the data topics with the schemas of a registry.
#include "config/configuration.hpp"
#include "progress/kafka_progress.hpp"
#include "registry/registry_settings.hpp"
#include "telemetry/log.hpp"

namespace oes {

progress_settings progress_settings_of(const configuration& config);

struct topic_access {
  progress_settings kafka;
  registry_settings registry;
  logger& log;
};

inline topic_access topic_access_of(const configuration& config, logger& log) {
  return {progress_settings_of(config), config.registry, log};
}

}  // namespace oes
