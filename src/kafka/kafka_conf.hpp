#pragma once
// librdkafka properties: those that all our clients need, and the object that librdkafka makes of them.
#include "kafka/connection_settings.hpp"
#include "kafka/kafka_handle.hpp"
#include "model/error.hpp"

namespace oes {

void add(kafka_properties& to, const kafka_properties& more);

/// So that the end of a client is not waited for. For our preferences: operators may set it otherwise.
kafka_properties quick_end();

/// The operator's, less those that would change what a consumer group is.
kafka_properties without_membership(const kafka_properties& properties);

/// kafka_refused, naming the property, where librdkafka does not take a value.
result<kafka_conf> make_conf(const kafka_properties& properties);

}  // namespace oes
