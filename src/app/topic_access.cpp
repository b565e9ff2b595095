#include "app/topic_access.hpp"

namespace oes {

progress_settings progress_settings_of(const configuration& config) {
  progress_settings settings;
  settings.bootstrap_servers = config.publish.bootstrap_servers;
  settings.properties = config.publish.properties;
  settings.topic = progress_topic(config.publish);
  settings.folder = config.progress_path;
  const bool transactional = config.publish.delivery == delivery_guarantee::exactly_once;
  settings.level = transactional ? isolation_level::read_committed : isolation_level::read_uncommitted;
  settings.delivery = transactional ? mirrored_delivery::exactly_once : mirrored_delivery::at_least_once;
  settings.transaction_timeout = config.publish.transaction_timeout;
  return settings;
}

}  // namespace oes
