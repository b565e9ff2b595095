#pragma once
// Which librdkafka properties each of our clients gets (guarantee.md §2).
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kafka/kafka_handle.hpp"
#include "model/error.hpp"
#include "publish/publish_settings.hpp"

namespace oes {

/// Set in this order: our preferences, then the operator's properties, then what the guarantee stands on. The last
/// wins, also over librdkafka's alias names.
using kafka_properties = std::vector<std::pair<std::string, std::string>>;

/// The one writer: transactional with exactly_once, idempotent with at_least_once.
kafka_properties producer_properties(const publish_settings& settings, std::string_view instance);
/// The member whose assignment is the lease.
kafka_properties member_properties(const publish_settings& settings, std::string_view instance);
/// Looks at topics at start; sees the end of a partition beyond open transactions.
kafka_properties inspector_properties(const publish_settings& settings);

std::string transactional_id(const publish_settings& settings);

/// kafka_refused, naming the property, where librdkafka does not take a value.
result<kafka_conf> make_conf(const kafka_properties& properties);

}  // namespace oes
