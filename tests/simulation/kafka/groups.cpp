#include "simulation/kafka/groups.hpp"

#include <algorithm>
#include <utility>

namespace oes::simulation {

std::string group_coordinator::join(const std::string& group, std::string id, const std::string& client,
                                    const std::string& topic, std::chrono::milliseconds session,
                                    std::function<void(const group_place&)> placed) {
  auto& all = groups_[group];
  if (!id.empty() && !all.members.contains(id)) {
    placed({RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID, 0, false});
    return id;
  }
  if (id.empty()) {
    id = client + "-" + std::to_string(next_member_++);  // in this order partitions are given
    all.members[id] = {client, topic, session, 0, {}};
  }
  all.members[id].joining = std::move(placed);
  hear(group, id);
  balance(group);
  return id;
}

void group_coordinator::hear(const std::string& group, const std::string& id) {
  auto& one = groups_[group].members[id];
  const auto heard = ++one.heard;
  around_.after(one.session, [this, group, id, heard] {
    auto& members = groups_[group].members;
    const auto found = members.find(id);
    if (found == members.end() || found->second.heard != heard) return;
    // Whoever waits for its place says nothing meanwhile.
    if (found->second.joining) return hear(group, id);
    drop(group, id, "was not heard from");
  });
}

void group_coordinator::balance(const std::string& group) {
  auto& all = groups_[group];
  all.balancing = true;
  settle(group);
}

// Over when every member has asked for its place.
void group_coordinator::settle(const std::string& group) {
  auto& all = groups_[group];
  const bool whole = std::all_of(all.members.begin(), all.members.end(),
                                 [](const auto& one) { return one.second.joining != nullptr; });
  if (!all.balancing || !whole) return;
  all.balancing = false;
  ++all.generation;
  if (!all.members.contains(all.holder)) all.holder = all.members.empty() ? "" : all.members.begin()->first;
  if (!all.holder.empty()) {
    around_.tell("group " + group + ", generation " + std::to_string(all.generation) + ": held by " +
                 all.members[all.holder].client);
  }
  std::vector<std::pair<std::string, std::function<void(const group_place&)>>> told;
  for (auto& [id, one] : all.members) {
    told.emplace_back(id, std::exchange(one.joining, nullptr));
    hear(group, id);
  }
  for (auto& [id, placed] : told) placed({RD_KAFKA_RESP_ERR_NO_ERROR, all.generation, id == all.holder});
}

rd_kafka_resp_err_t group_coordinator::heartbeat(const std::string& group, const std::string& id, int generation) {
  const auto standing = knows(group, id, generation);
  if (standing != RD_KAFKA_RESP_ERR_NO_ERROR) return standing;
  hear(group, id);
  return groups_[group].balancing ? RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS : RD_KAFKA_RESP_ERR_NO_ERROR;
}

rd_kafka_resp_err_t group_coordinator::knows(const std::string& group, const std::string& id, int generation) const {
  const auto all = groups_.find(group);
  if (all == groups_.end() || !all->second.members.contains(id)) return RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID;
  return all->second.generation == generation ? RD_KAFKA_RESP_ERR_NO_ERROR : RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION;
}

void group_coordinator::leave(const std::string& group, const std::string& id) { drop(group, id, "left"); }

void group_coordinator::drop(const std::string& group, const std::string& id, const std::string& why) {
  auto& all = groups_[group];
  const auto found = all.members.find(id);
  if (found == all.members.end()) return;
  around_.tell("group " + group + ": " + found->second.client + " " + why);
  all.members.erase(found);
  balance(group);
}

std::vector<group_coordinator::shown_member> group_coordinator::members_of(const std::string& group) const {
  std::vector<shown_member> out;
  const auto all = groups_.find(group);
  if (all == groups_.end()) return out;
  for (const auto& [id, one] : all->second.members) out.push_back({one.client, one.topic, id == all->second.holder});
  return out;
}

}  // namespace oes::simulation
