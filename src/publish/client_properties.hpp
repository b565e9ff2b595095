#pragma once
// Which librdkafka properties the writer and the group's member get (guarantee.md §2): our preferences, then the
// operator's properties, then what the guarantee stands on.
#include <string>
#include <string_view>

#include "kafka/connection_settings.hpp"
#include "publish/publish_settings.hpp"

namespace oes {

/// The one writer: transactional with exactly_once, idempotent with at_least_once.
kafka_properties producer_properties(const publish_settings& settings, std::string_view instance);
/// The member whose assignment is the lease.
kafka_properties member_properties(const publish_settings& settings, std::string_view instance);

std::string transactional_id(const publish_settings& settings);

}  // namespace oes
