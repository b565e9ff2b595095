#include "groups/apart_topics.hpp"

#include <algorithm>
#include <chrono>

namespace oes {
namespace {

constexpr auto first_pause = std::chrono::seconds(2);
constexpr auto longest_pause = std::chrono::seconds(300);
// Behind a rehearsal that went well: a refusal within this time is still the old one.
constexpr auto trial_lasts = std::chrono::minutes(10);

std::chrono::seconds pause_before(int tries) {
  constexpr int enough = 8;  // 2 s doubled so often is past the longest
  return std::min<std::chrono::seconds>(first_pause * (1 << std::min(tries, enough)), longest_pause);
}

}  // namespace

std::string progress_of(const work_key& whose) { return "progress of " + whose.stream + " " + whose.dataset; }

void apart_topics::refused(const std::string& topic, const std::string& why, run_time now, double speed) {
  auto [known, first] = apart_.try_emplace(topic, apart_topic{why, now, 0});
  const auto tried = on_trial_.find(topic);
  if (first && tried != on_trial_.end() && now - tried->second.at < trial_lasts) known->second = tried->second.was;
  on_trial_.erase(topic);
  auto& one = known->second;
  one.why = why;
  const std::chrono::duration<double, std::micro> pause = pause_before(one.tries++) * speed;
  one.next_try = now + std::chrono::duration_cast<std::chrono::microseconds>(pause);
}

void apart_topics::takes_again(const std::string& topic, run_time now) {
  const auto known = apart_.find(topic);
  if (known == apart_.end()) return;
  on_trial_[topic] = {known->second, now};
  apart_.erase(known);
}

const apart_topic* apart_topics::find(const std::string& topic) const {
  const auto found = apart_.find(topic);
  return found == apart_.end() ? nullptr : &found->second;
}

}  // namespace oes
