#include "groups/member_contract.hpp"

namespace oes {
namespace {

std::string ways_out(const std::string& stream) {
  return "give it another name, and it begins by itself at its `start:`, which costs nothing; or `progress reset "
         "--stream " +
         stream + " --reason TEXT` starts it again as it is now: what readers have of it stays in the topics";
}

error changed(const std::string& stream, const std::string& was, const std::string& is, const std::string& first_way) {
  return {errc::refused,
          "stream '" + stream + "' was published " + was + " and is now " + is + ": " + first_way + ways_out(stream)};
}

}  // namespace

std::string_view name_of(record_key_policy key) { return key == record_key_policy::series ? "series" : "point"; }

std::optional<error> contract_changed(const request_group& group, const tracked_metric& member,
                                      const member_progress& known) {
  const auto identity = identity_of(group, member);
  const auto& options = member.options;
  if (known.identity != identity) return changed(member.stream(), "as " + known.identity, identity, "");
  if (!known.topic.empty() && known.topic != options.topic) {
    return changed(member.stream(), "into topic '" + known.topic + "'", "to go into '" + options.topic + "'",
                   "put the old topic back, and it goes on; or ");
  }
  if (!is_kept_as(known, options.topic, name_of(options.key))) {
    return changed(member.stream(), "with `record.key: " + known.record_key + "`",
                   "to have `" + std::string(name_of(options.key)) + "`",
                   "put the old value back, and it goes on; or ");
  }
  return std::nullopt;
}

}  // namespace oes
