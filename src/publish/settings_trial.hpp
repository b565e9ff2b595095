#pragma once
// The settings held against librdkafka itself, on clients that are thrown away: what `run` would fail at, before it
// does.
#include "publish/publish_settings.hpp"

namespace oes {

/// Makes the writer's and the group member's clients as the daemon would, without brokers: nothing is connected to.
kafka_trial_outcome try_kafka_settings(const publish_settings& settings);

}  // namespace oes
