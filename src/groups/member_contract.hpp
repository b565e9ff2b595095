#pragma once
// What readers rely on of a (stream, metric) and what its progress is of: series, topic, form of the keys. As long as
// the name stays, so do they. Pure.
#include <optional>
#include <string>
#include <string_view>

#include "groups/request_group.hpp"
#include "model/error.hpp"
#include "model/progress.hpp"

namespace oes {

/// As configuration and progress write it.
std::string_view name_of(record_key_policy key);

/// refused, with the ways out: the member's progress is of other series than are configured now, or its records are in
/// another topic or have other keys.
std::optional<error> contract_changed(const request_group& group, const tracked_metric& member,
                                      const member_progress& known);

}  // namespace oes
