#pragma once
// Which promises about a topic its settings do not keep (records.md §3, guarantee.md). Pure.
#include <string>

#include "kafka/topic_facts.hpp"
#include "publish/publish_settings.hpp"
#include "publish/wanted_topic.hpp"

namespace oes {

/// Of a topic that check_topic() lets pass: what readers believe of it and its settings do not hold, and how to say
/// that it is meant. A setting that the operator's wishes name is meant. Empty: nothing.
std::string doubt_about(const wanted_topic& wanted, const topic_facts& facts, const topic_wishes_by_kind& wishes);

}  // namespace oes
