// What an operator has daemons do while they run, and who is asked until it is done: backfills, and reloads.
#include <algorithm>

#include "app/exit_code.hpp"
#include "model/network.hpp"
#include "simulation/world/world.hpp"

namespace oes::simulation {

using std::chrono::milliseconds;
using std::chrono::seconds;

time_range world::labels_of(const operator_wish& one) const {
  const auto start = std::get<network_time>(stream_of(one.stream, {}).start);
  return {start + plan_.grid.scale() * one.from, start + plan_.grid.scale() * one.to};
}

// Asks one daemon after the other: which of them leads they tell.
void world::wish(std::size_t which) {
  auto& story = wishes_[which];
  auto& here = seats_[story.attempts++ % seats_.size()];
  const bool runs = here.now != nullptr && here.now->of->alive && !here.now->of->stopped && !here.now->ended;
  const auto name = stream_of(story.what.stream, {}).name;
  if (!runs || !here.now->ask || !has_stream(name)) {
    machine_.after(milliseconds(700), nullptr, [this, which] { wish(which); });
    return;
  }
  const auto labels = labels_of(story.what);
  job asked;
  using kind = operator_wish::kind;
  const bool is_seek = story.what.what == kind::seek;
  asked.kind = is_seek ? job_kind::seek : story.what.what == kind::reset ? job_kind::reset : job_kind::backfill;
  asked.step = job_step::perform;
  asked.stream = name;
  if (asked.kind == job_kind::backfill) asked.from = format(labels.begin);
  if (asked.kind == job_kind::backfill) asked.to = format(labels.end);
  if (is_seek) asked.to = format(labels.begin);
  asked.refresh = story.what.what == kind::refresh;
  asked.reason = asked.command = std::string(oes::name(asked.kind));
  asked.who = "operator";
  asked.host = "host";
  tell("operator: " + std::string(asked.refresh ? "refresh" : oes::name(asked.kind)) + " " + asked.stream + " from " +
       asked.from + " to " + asked.to + ", of " + here.now->of->name);
  story.asked = here.now;
  story.answer.reset();
  // A refresh goes on where it was stopped: what it had compared before is as it was then.
  const bool goes_on = story.what.what == operator_wish::kind::refresh && story.since != virtual_time{};
  if (!goes_on) story.since = machine_.now();
  here.now->ask(std::move(asked), [&story](job_answer told) { story.answer = std::move(told); });
  await_wish(which);
}

void world::await_wish(std::size_t which) {
  auto& story = wishes_[which];
  const auto& whom = *story.asked;
  if (!story.answer && whom.of->alive && !whom.ended) {
    machine_.after(milliseconds(200), nullptr, [this, which] { await_wish(which); });
    return;
  }
  if (story.answer) tell("operator: told " + std::to_string(story.answer->exit) + ", " + story.answer->text);
  story.done = story.answer && story.answer->exit == exit_ok;
  story.until = machine_.now();
  if (!story.done) machine_.after(seconds(1), nullptr, [this, which] { wish(which); });
}

// Labels that an answer's own Date contradicts are not believed: they are gaps then, which are asked for again by day,
// and by no later backfill.
bool world::date_was_wrong(virtual_time until) const {
  return std::ranges::any_of(
      plan_.troubles, [&](const trouble& one) { return one.what == trouble::kind::wrong_date && one.at <= until; });
}

std::vector<asked_points> world::asked() const {
  std::vector<asked_points> out;
  for (const auto& story : wishes_) {
    const bool of_labels = story.what.what <= operator_wish::kind::refresh;
    if (!of_labels || !story.done || date_was_wrong(story.until)) continue;
    auto stream = stream_of(story.what.stream, plan_.streams[story.what.stream]);
    asked_points one;
    one.labels = labels_of(story.what);
    one.since = api_time_at(story.since);
    one.asked = story.since;
    // Where nothing shows yet that the newest one of a request is whole, it is a gap until it is; where answers fail,
    // requests are halved down to a label.
    const auto now = to_network_time(one.since, plan_.grid.net);
    const auto young = plan_.grid.interval == interval_size::m5 ? std::chrono::hours(1) : std::chrono::hours(48);
    if (plan_.api_failing > 0) {
      one.labels.end = std::min(one.labels.end, plan_.grid.floor(now - young));
    } else if (one.labels.end > now - young) {
      one.labels.end = bucket_add(one.labels.end, plan_.grid.interval, -1);
    }
    if (story.what.what == operator_wish::kind::refresh && !plan_.first_only)
      one.compared_behind = horizon_of(re_reads_of(stream));
    for (const auto& metric : stream.metrics) {
      one.topic = topic_for(stream, endpoint_for(metric), metric) + " " + stream.name;
      one.metric = metric;
      out.push_back(one);
    }
  }
  return out;
}

// A command whose answer was lost is given again.
std::vector<published_again> world::again() const {
  std::vector<published_again> out;
  for (const auto& story : wishes_) {
    if (story.what.what <= operator_wish::kind::refresh) continue;
    const auto stream = stream_of(story.what.stream, plan_.streams[story.what.stream]);
    const bool is_seek = story.what.what == operator_wish::kind::seek;
    const auto from = is_seek ? labels_of(story.what).begin : network_time::min();
    out.push_back({stream.name, from, story.attempts});
  }
  return out;
}

bool world::has_stream(const std::string& name) const {
  return std::ranges::any_of(streams(), [&](const auto& one) { return one.name == name; });
}

// Who starts later finds it so.
void world::reload(int instance, virtual_time since) {
  auto& here = seats_[static_cast<std::size_t>(instance)];
  const bool runs = here.now != nullptr && here.now->of->alive && !here.now->ended && here.since < since;
  if (!runs) {
    --reloading_;
    return;
  }
  if (here.now->of->stopped || !here.now->ask) {
    machine_.after(milliseconds(300), nullptr, [this, instance, since] { reload(instance, since); });
    return;
  }
  job asked;
  asked.kind = job_kind::reload;
  asked.step = job_step::perform;
  asked.reason = asked.command = "reload";
  asked.who = "operator";
  asked.host = "host";
  tell("operator: reload, of " + here.now->of->name);
  auto answer = std::make_shared<std::optional<job_answer>>();
  here.now->ask(std::move(asked), [answer](job_answer told) { *answer = std::move(told); });
  await_reload(instance, since, std::move(answer));
}

void world::await_reload(int instance, virtual_time since, std::shared_ptr<std::optional<job_answer>> answer) {
  const auto& here = seats_[static_cast<std::size_t>(instance)];
  const bool runs = here.now->of->alive && !here.now->ended && here.since < since;
  if (runs && !*answer) {
    machine_.after(milliseconds(200), nullptr, [this, instance, since, answer = std::move(answer)]() mutable {
      await_reload(instance, since, std::move(answer));
    });
    return;
  }
  if (*answer) {
    tell("operator: told " + std::to_string((*answer)->exit) + ", " + (*answer)->text);
    for (const auto& line : (*answer)->says) tell("  " + line);
    if ((*answer)->exit == exit_config) refusals_.push_back("a reload was refused: " + (*answer)->text);
    if ((*answer)->exit == exit_ok) {
      --reloading_;
      return;
    }
  }
  machine_.after(seconds(1), nullptr, [this, instance, since] { reload(instance, since); });
}

void world::check_wishes() {
  if (reloading_ > 0) outcome_.check.violations.emplace_back("a daemon never took the configuration over");
  for (const auto& story : wishes_) {
    if (!story.done && has_stream(stream_of(story.what.stream, {}).name))
      outcome_.check.violations.push_back("never done: " + describe(story.what));
  }
}

}  // namespace oes::simulation
