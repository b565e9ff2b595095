#include "pipeline/corridor.hpp"

namespace oes {
namespace {

result<member_progress> open_member(const request_group& group, const group_member& member, const corridor& c) {
  const auto identity = canonical(group.identity);
  const auto& known = c.to.state().members;
  if (const auto found = known.find(member.key); found != known.end()) {
    if (found->second.identity == identity) return found->second;
    return error{errc::refused,
                 "stream '" + member.stream() + "' was published as " + found->second.identity + " and is now " +
                     identity + "; give it another name, or start it again with: progress reset --stream " +
                     member.stream(),
                 {},
                 0};
  }
  const auto now = to_network_time(c.clock.now(), group.identity.net);
  member_progress fresh;
  fresh.identity = identity;
  fresh.net = group.identity.net;
  const stream_start start = c.start_override ? stream_start(*c.start_override) : member.start;
  fresh.start = resolve_start(start, group.identity.interval, now, c.limits.history);
  fresh.position = fresh.start;
  return fresh;
}

}  // namespace

result<group_state> open_group(const request_group& group, const corridor& c) {
  group_state state;
  for (const auto& member : group.members) {
    auto opened = open_member(group, member, c);
    if (!opened) return opened.error();
    state.members.push_back(std::move(*opened));
  }
  return state;
}

}  // namespace oes
