#pragma once
// Properties handed on to librdkafka: which are refused and why, and secrets read from files.
#include <string>
#include <string_view>
#include <vector>

#include "config/problem_log.hpp"
#include "config/setting.hpp"

namespace oes {

/// Why a property may not be set; empty: it may.
std::string refusal_of(std::string_view property);

/// Reports refused properties, replaces `x.password_file` by `x.password`, adds every secret to `secrets`, and to
/// `files` what secrets and certificates stand in.
void resolve_kafka_properties(setting& properties, std::vector<std::string>& secrets, std::vector<std::string>& files,
                              problem_log& log);

}  // namespace oes
