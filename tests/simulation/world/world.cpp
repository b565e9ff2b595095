#include "simulation/world/world.hpp"

#include <algorithm>
#include <cstdio>
#include <stdexcept>
#include <utility>

#include "simulation/kafka/client.hpp"
#include "simulation/machine/leaving.hpp"
#include "simulation/world/how_kept.hpp"

namespace oes::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

state_pairs::life life_of(const daemon_handle* one) {
  if (one == nullptr || one->ended || !one->of->alive) return state_pairs::life::dead;
  return one->of->stopped ? state_pairs::life::frozen : state_pairs::life::runs;
}

// Not from inside librdkafka, which knows no exceptions.
bool may_throw(std::string_view point) { return point != "wire.end-sent" && point != "member.unassigned"; }

}  // namespace

world::world(const world_plan& plan, world_options options)
    : plan_(plan),
      options_(std::move(options)),
      random_(plan.seed ^ 0x5eed),
      kafka_(machine_, plan.seed ^ 0xcaf, [this](const std::string& what) { tell("Kafka: " + what); }),
      served_(plan.seed ^ 0xa91, {plan.by_network ? 0 : plan.regions, plan.every,
                                  plan.repaired ? std::optional(api_time_at(*plan.repaired)) : std::nullopt, plan.grid,
                                  plan.nulls, plan.provisional || !plan.grid.is_native()}),
      units_(plan.seed ^ 0xfac, api_time_at({}), api_time_at(plan.ends)),
      api_{served_,
           [this] { return api_time(); },
           [this] { return random_(); },
           {},
           [this](const std::string& what) { tell(what); }},
      seats_(static_cast<std::size_t>(plan.instances)),
      losing_(kafka_, plan.loss),
      commits_(kafka_, plan.grid.interval) {
  for (std::size_t i = 0; i < seats_.size(); ++i) {
    seats_[i].drive =
        std::make_unique<disk>(options_.folder + "/instance-" + std::to_string(i), [this] { return random_(); });
  }
  kafka_.faults = {plan.request_lost, plan.reply_lost, plan.request_late};
  kafka_.stable_lag = plan.stable_lag;
  kafka_.on_commit = [this](const process& who, producer_identity as, const auto& partitions) {
    commits_.committed(who, as, partitions);
  };
  api_.faults.failing = plan.api_failing;
  api_.faults.lying = plan.api_lying;
  if (plan.credits) api_.key = key_service(*plan.credits, plan.credits_told);
  if (plan.list_every.count() > 0) api_.units = &units_;
  api_.hurry = std::max(1U, static_cast<unsigned>(plan.speed / 200));
  set_reachable_cluster(&kafka_);
  watch_points(this);
}

world::~world() {
  watch_points(nullptr);
  set_reachable_cluster(nullptr);
}

void world::tell(const std::string& what) {
  const auto at = std::chrono::duration_cast<std::chrono::microseconds>(machine_.now()).count();
  machine_.note(what);
  if (options_.trace) std::fprintf(stderr, "%12.6f %s\n", static_cast<double>(at) / 1e6, what.c_str());
}

utc_time world::api_time_at(virtual_time when) const {
  const auto passed = std::chrono::duration<double>(when).count() * plan_.speed;
  return world_began() + plan_.begins_at + std::chrono::microseconds(static_cast<std::int64_t>(passed * 1e6));
}

daemon_handle* world::new_process(int instance) {
  auto& here = seats_[static_cast<std::size_t>(instance)];
  auto* whose = new process;  // what runs in it may stay for the rest of the world
  whose->number = 100 * (instance + 1) + here.starts++;
  whose->name = std::string(1, static_cast<char>('A' + instance)) + std::to_string(here.starts);
  whose->randomness = plan_.seed * 1000 + static_cast<std::uint64_t>(whose->number);
  auto* handle = new daemon_handle{whose, {}, {}, {}, false, 0};
  when_it_leaves(*whose, [handle](int code) {
    handle->code = code;
    handle->ended = true;
  });
  return handle;
}

void world::start(int instance) {
  auto& here = seats_[static_cast<std::size_t>(instance)];
  if (here.held) return;
  here.now = new_process(instance);
  here.since = machine_.now();
  pairs_.started(static_cast<std::size_t>(instance));
  tell(here.now->of->name + " starts");
  machine_.start(*here.now->of, "main", [this, instance, handle = here.now, found = loaded(instance)] {
    run_daemon_in(
        *handle, found, [this, instance] { return loaded(instance); }, api_);
  });
}

// The service manager: what has ended is started again.
void world::watch(int instance) {
  auto& here = seats_[static_cast<std::size_t>(instance)];
  if (here.now->ended || !here.now->of->alive) {
    if (here.now->ended) note_end(instance);
    machine_.after(milliseconds(200 + random_() % 1500), nullptr, [this, instance] { start(instance); });
    machine_.after(seconds(2), nullptr, [this, instance] { watch(instance); });
    return;
  }
  machine_.after(milliseconds(100), nullptr, [this, instance] { watch(instance); });
}

void world::kill(int instance, std::string_view at) {
  auto& here = seats_[static_cast<std::size_t>(instance)];
  here.kill_after = 0;
  if (here.now == nullptr || here.now->ended || !here.now->of->alive) return;
  outcome_.had.count("kills");
  if (!at.empty()) outcome_.had.count("kill at " + std::string(at));
  killed_[here.now->of] = machine_.now();
  note_what_dies_with(here);
  tell(here.now->of->name + " is killed" + (at.empty() ? "" : " at " + std::string(at)));
  machine_.kill(*here.now->of);
}

void world::unexpected(seat& here, std::string_view point) {
  here.threw = here.now;
  outcome_.had.count("throws");
  tell(here.now->of->name + ": something throws at " + std::string(point));
  here.thrown = "something unexpected at " + std::string(point);
  throw std::runtime_error(here.thrown);
}

void world::passed(std::string_view point) {
  auto* self = machine_.current();
  if (self == nullptr) return;
  std::optional<milliseconds> held;
  for (std::size_t i = 0; i < seats_.size(); ++i) {
    auto& here = seats_[i];
    if (here.now == nullptr || here.now->of != &self->of) continue;
    std::vector<state_pairs::life> lives;
    for (const auto& one : seats_) lives.push_back(life_of(one.now));
    pairs_.passed(i, point, lives);
    if (here.kill_after > 0 && --here.kill_after == 0) kill(static_cast<int>(i), point);
    if (here.throw_after > 0 && may_throw(point) && --here.throw_after == 0) unexpected(here, point);
    if (here.held_at > 0) {
      --here.held_at;
      held = here.held_for;
      tell(self->of.name + " is held at " + std::string(point));
    }
  }
  if (held) machine_.park_for(*held);
  // Now and then a thread is late.
  const auto drawn = random_();
  if (drawn % 64 == 0) machine_.park_for(std::chrono::microseconds(drawn / 64 % 20'000));
}

// Who has committed last.
std::optional<int> world::leader() const {
  for (int i = 0; !kafka_.writers.empty() && i < plan_.instances; ++i) {
    const auto& one = seats_[static_cast<std::size_t>(i)];
    if (one.now != nullptr && one.now->of == kafka_.writers.back().who) return i;
  }
  return std::nullopt;
}

void world::apply(trouble one) {
  if (one.of_leader) one.instance = leader().value_or(one.instance);
  auto& here = seats_[static_cast<std::size_t>(one.instance)];
  const bool runs = here.now != nullptr && here.now->of->alive && !here.now->ended;
  tell("trouble: " + describe(one));
  outcome_.had.count("trouble: " + std::string(name(one.what)));
  auto* whose = here.now == nullptr ? nullptr : here.now->of;
  switch (one.what) {
    case trouble::kind::kill:
      return kill(one.instance, "");
    case trouble::kind::kill_at:
      here.kill_after = one.passings;
      return;
    case trouble::kind::throw_at:
      here.throw_after = one.passings;
      return;
    case trouble::kind::stop_clean:
      if (runs && here.now->stop) here.now->stop();
      return;
    case trouble::kind::freeze:
      if (!runs) return;
      machine_.stop(*whose);
      machine_.after(one.lasts, nullptr, [this, whose] {
        if (whose->alive) machine_.go_on(*whose);
      });
      return;
    case trouble::kind::hold:
      here.held_at = one.passings;
      here.held_for = one.lasts;
      return;
    case trouble::kind::cut_off:
      kafka_.cut_off[whose] = true;
      machine_.after(one.lasts, nullptr, [this, whose] { kafka_.cut_off.erase(whose); });
      return;
    case trouble::kind::kafka_away:
      kafka_.up = false;
      machine_.after(one.lasts, nullptr, [this] { kafka_.up = true; });
      return;
    case trouble::kind::clock_set:
      // By the daemon's test clock a host's time runs as fast as the API's.
      if (runs) whose->wall_ahead += std::chrono::duration_cast<virtual_time>(one.off / plan_.speed);
      return;
    case trouble::kind::compaction:
      for (auto& [name, topic] : kafka_.topics) {
        if (name.find(".progress.") == std::string::npos) continue;
        auto& log = topic.partitions.front();
        log.compact(log.end() - one.passings);
      }
      return;
    case trouble::kind::wire:
      if (!runs) return;
      kafka_.orders.push_back({whose, one.request, one.fate, one.passings});
      machine_.after(one.lasts, nullptr, [this] { kafka_.release_held(); });
      return;
    case trouble::kind::api_away:
      api_.faults.away = true;
      machine_.after(one.lasts, nullptr, [this] { api_.faults.away = false; });
      return;
    case trouble::kind::wrong_date:
      api_.faults.date_off = one.off;
      machine_.after(one.lasts, nullptr, [this] { api_.faults.date_off = {}; });
      return;
    case trouble::kind::disk:
      begin(*here.drive, one.of_disk, static_cast<std::uint64_t>(one.passings));
      if (!lasts(one.of_disk)) return;
      here.drive_bad_until = machine_.now() + one.lasts;
      machine_.after(one.lasts, nullptr, [&here] { here.drive->faults = {}; });
      return;
    case trouble::kind::power_cut:
      if (here.held) return;
      kill(one.instance, " by a power cut");
      tell(std::to_string(here.drive->cut_power()) + " changes of names are on no disk");
      return;
    case trouble::kind::right: {
      const auto denied = denials(kafka_, one.taken, static_cast<std::size_t>(one.passings));
      kafka_.denied.insert(denied.begin(), denied.end());
      machine_.after(one.lasts, nullptr, [this, denied] {
        for (const auto& each : denied) kafka_.denied.erase(each);
      });
      return;
    }
    case trouble::kind::partitions:
      for (auto& [name, topic] : kafka_.topics) {
        if (name.find(".progress.") != std::string::npos) continue;
        topic.partitions.resize(topic.partitions.size() + static_cast<std::size_t>(one.passings));
        return;
      }
      return;
  }
}

void world::end_troubles() {
  tell("troubles are over");
  kafka_.faults = {};
  kafka_.up = true;
  kafka_.cut_off.clear();
  kafka_.orders.clear();
  kafka_.release_held();
  kafka_.denied.clear();
  api_.faults = {};
  for (auto& one : seats_) {
    one.drive->faults = {};
    one.kill_after = one.throw_after = one.held_at = 0;
    if (one.now != nullptr) one.now->of->wall_ahead = {};  // somebody has set the clock
  }
}

world_outcome world::run() {
  tell(describe(plan_));
  for (int i = 0; i < plan_.instances; ++i) {
    machine_.after(milliseconds(random_() % 400), nullptr, [this, i] {
      start(i);
      watch(i);
    });
  }
  for (const auto& one : plan_.troubles) machine_.at(one.at, nullptr, [this, one] { apply(one); });
  if (plan_.loss.what != data_loss::kind::none) {
    machine_.at(plan_.loss.copied, nullptr, [this] { copy_data(); });
    machine_.at(plan_.loss.at, nullptr, [this] { lose_data(); });
  }
  for (const auto& one : plan_.wishes) wishes_.push_back({one, nullptr, {}, {}, {}, 0, false});
  for (std::size_t i = 0; i < wishes_.size(); ++i) {
    machine_.at(wishes_[i].what.at, nullptr, [this, i] { wish(i); });
  }
  for (const auto& one : plan_.changes) {
    machine_.at(one.at, nullptr, [this, one] {
      tell("the configuration is changed: " + describe(one));
      for (int i = 0; i < plan_.instances; ++i) {
        ++reloading_;
        reload(i, one.at);
      }
    });
  }
  machine_.at(plan_.trouble_ends, nullptr, [this] { end_troubles(); });
  machine_.run_until(plan_.ends);
  judge();
  for (const auto& one : outcome_.check.violations) tell("VIOLATION " + one);
  return outcome_;
}

}  // namespace oes::simulation
