#pragma once
// The topics that a configuration needs.
#include <vector>

#include "config/configuration.hpp"
#include "groups/request_group.hpp"
#include "publish/topics.hpp"

namespace oes {

/// Progress first, then data, then the list of facilities where it is published.
std::vector<wanted_topic> wanted_topics(const configuration& config, const std::vector<request_group>& groups);

}  // namespace oes
