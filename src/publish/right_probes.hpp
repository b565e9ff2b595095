#pragma once
// Internal to publish/: one harmless request a right.
#include <string>
#include <vector>

#include "publish/publish_settings.hpp"
#include "publish/right_finding.hpp"
#include "telemetry/log.hpp"

namespace oes {

/// A record that no broker accepts, whatever the topic: it asks for two acknowledgements, which Kafka's protocol does
/// not know (INVALID_REQUIRED_ACKS). Rights are looked at before that, and nothing is written.
right_finding probe_write(const publish_settings& settings, const std::string& topic, logger& log);
/// Reads at the end of the first partition.
right_finding probe_read(const publish_settings& settings, const std::string& topic, logger& log);
/// The group as the broker describes it.
std::vector<right_finding> probe_group(const publish_settings& settings, logger& log);

}  // namespace oes
