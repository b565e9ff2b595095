#include "model/progress.hpp"

namespace oes {

bool is_kept_as(const member_progress& known, const std::string& topic, std::string_view record_key) {
  return (known.topic.empty() || known.topic == topic) && (known.record_key.empty() || known.record_key == record_key);
}

bool complete(member_progress& known, const member_progress& configured) {
  if (known.identity != configured.identity || (!known.topic.empty() && !known.record_key.empty())) return false;
  if (known.topic.empty()) known.topic = configured.topic;
  if (known.record_key.empty()) known.record_key = configured.record_key;
  return true;
}

}  // namespace oes
