#pragma once
// Which format a configuration writes each topic in. Pure.
#include <map>
#include <string>

#include "config/configuration.hpp"
#include "groups/request_group.hpp"
#include "model/progress.hpp"
#include "records/avro_schema.hpp"

namespace oes {

struct topic_format {
  record_format format = record_format::json;
  record_kind kind = record_kind::point;
};
/// By topic, data topics and the list of facilities.
std::map<std::string, topic_format> topic_formats(const configuration& config,
                                                  const std::vector<request_group>& groups);

/// Some topic is written as Avro, or was by a stream that progress knows: only then can formats meet in a topic.
bool knows_avro(const std::map<std::string, topic_format>& topics,
                const std::map<member_key, member_progress>& members);

/// `<topic>-value`
inline std::string subject_of(const std::string& topic) { return topic + "-value"; }

}  // namespace oes
