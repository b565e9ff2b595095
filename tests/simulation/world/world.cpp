#include "simulation/world/world.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "app/exit_code.hpp"
#include "model/network.hpp"
#include "simulation/kafka/client.hpp"
#include "simulation/world/how_kept.hpp"

namespace oes::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// By the API's time: what appeared later need not be published yet.
constexpr std::chrono::minutes slack{20};

std::uint64_t mixed(std::uint64_t into, std::string_view text) {
  for (const char c : text) into = (into ^ static_cast<unsigned char>(c)) * 1099511628211U;
  return into;
}

utc_time world_began() { return utc_time(seconds(1'795'392'000)); }

}  // namespace

world::world(const world_plan& plan, world_options options)
    : plan_(plan),
      options_(std::move(options)),
      random_(plan.seed ^ 0x5eed),
      kafka_(machine_, plan.seed ^ 0xcaf, [this](const std::string& what) { tell("Kafka: " + what); }),
      served_(plan.seed ^ 0xa91, plan.regions, plan.every),
      api_{served_,
           [this] { return api_time(); },
           [this] { return random_(); },
           {},
           [this](const std::string& what) { tell(what); }},
      seats_(static_cast<std::size_t>(plan.instances)),
      losing_(kafka_, plan.loss) {
  kafka_.faults = {plan.request_lost, plan.reply_lost, plan.request_late};
  kafka_.stable_lag = plan.stable_lag;
  api_.faults.failing = plan.api_failing;
  api_.faults.lying = plan.api_lying;
  set_reachable_cluster(&kafka_);
  watch_points(this);
}

world::~world() {
  watch_points(nullptr);
  set_reachable_cluster(nullptr);
}

void world::tell(const std::string& what) {
  const auto at = std::chrono::duration_cast<std::chrono::microseconds>(machine_.now()).count();
  outcome_.fingerprint = mixed(outcome_.fingerprint ^ static_cast<std::uint64_t>(at), what);
  if (what.find("held by") != std::string::npos) ++outcome_.takeovers;
  if (options_.trace) std::fprintf(stderr, "%12.6f %s\n", static_cast<double>(at) / 1e6, what.c_str());
}

utc_time world::api_time_at(virtual_time when) const {
  const auto passed = std::chrono::duration<double>(when).count() * plan_.speed;
  return world_began() + plan_.begins_at + std::chrono::microseconds(static_cast<std::int64_t>(passed * 1e6));
}

std::vector<stream_spec> world::streams() const {
  std::vector<stream_spec> out;
  for (const auto& metrics : plan_.streams) {
    stream_spec one;
    one.name = "s" + std::to_string(out.size());
    one.metrics = metrics;
    one.primary = primary_grouping::network_region;
    one.topic = plan_.one_topic ? "openelectricity.{dataset}.{interval}.v1"
                                : "openelectricity.{dataset}.{interval}.{stream}.v1";
    one.start = bucket_floor(to_network_time(world_began() + plan_.begins_at - plan_.starts_before, network::nem),
                             interval_size::m5);
    one.re_reads = plan_.re_reads;
    out.push_back(std::move(one));
  }
  return out;
}

configuration world::configuration_of(int instance) const {
  configuration config;
  config.fetch.base_url = "http://127.0.0.1:1";
  config.budget.plan = "ENTERPRISE";
  config.budget.requests_per_second = 1000;
  config.publish.bootstrap_servers = "simulated:9092";
  config.publish.create_topics = topic_creation::all;
  config.publish.topics.data.partitions = plan_.data_partitions;
  config.publish.max_transaction_records = plan_.max_transaction_records;
  config.publish.producer_idle_retirement = plan_.idle_retirement;
  if (plan_.impatient) {
    config.publish.message_timeout = seconds(3);
    config.publish.transaction_timeout = seconds(5);
  }
  config.telemetry.http_enabled = false;
  config.telemetry.log_level = options_.trace ? "info" : "error";
  config.streams = streams();
  config.progress_path = options_.folder + "/instance-" + std::to_string(instance);
  config.schedule.gap_retry = plan_.gap_retry;
  // An answer whose labels cannot be true is asked for again so much later: an hour is most of a world.
  config.schedule.probe_rejected = std::chrono::minutes(10);
  config.test_clock = clock_settings{world_began(), world_began() + plan_.begins_at, plan_.speed};
  return config;
}

daemon_handle* world::new_process(int instance) {
  auto& here = seats_[static_cast<std::size_t>(instance)];
  auto* whose = new process;  // what runs in it may stay for the rest of the world
  whose->number = 100 * (instance + 1) + here.starts++;
  whose->name = std::string(1, static_cast<char>('A' + instance)) + std::to_string(here.starts);
  whose->randomness = plan_.seed * 1000 + static_cast<std::uint64_t>(whose->number);
  return new daemon_handle{whose, {}, false, 0};
}

void world::start(int instance) {
  auto& here = seats_[static_cast<std::size_t>(instance)];
  if (here.held) return;
  here.now = new_process(instance);
  here.since = machine_.now();
  tell(here.now->of->name + " starts");
  machine_.start(*here.now->of, "main", [this, handle = here.now, config = configuration_of(instance)] {
    run_daemon_in(*handle, config, api_);
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

void world::note_end(int instance) {
  auto& here = seats_[static_cast<std::size_t>(instance)];
  const auto& ended = *here.now;
  if (std::exchange(here.judged, here.now) == here.now) return;
  tell(ended.of->name + " has ended with " + std::to_string(ended.code));
  if (ended.code == 0) return;
  if (!is_right_refusal(here)) {
    return refusals_.push_back(ended.of->name + " refused: exit code " + std::to_string(ended.code));
  }
  if (std::exchange(loss_.noticed, true) || plan_.loss.what == data_loss::kind::old_view) return;
  machine_.after(seconds(3), nullptr, [this, instance] { call_operator(instance); });
}

void world::kill(int instance, const std::string& why) {
  auto& here = seats_[static_cast<std::size_t>(instance)];
  here.kill_after = 0;
  if (here.now == nullptr || here.now->ended || !here.now->of->alive) return;
  ++outcome_.kills;
  tell(here.now->of->name + " is killed" + why);
  machine_.kill(*here.now->of);
}

void world::passed(std::string_view point) {
  auto* self = machine_.current();
  if (self == nullptr) return;
  for (std::size_t i = 0; i < seats_.size(); ++i) {
    auto& here = seats_[i];
    if (here.now == nullptr || here.now->of != &self->of || here.kill_after == 0) continue;
    if (--here.kill_after == 0) kill(static_cast<int>(i), " at " + std::string(point));
  }
  // Now and then a thread is late.
  const auto drawn = random_();
  if (drawn % 64 == 0) machine_.park_for(std::chrono::microseconds(drawn / 64 % 20'000));
}

void world::apply(const trouble& one) {
  auto& here = seats_[static_cast<std::size_t>(one.instance)];
  const bool runs = here.now != nullptr && here.now->of->alive && !here.now->ended;
  tell("trouble: " + describe(one));
  auto* whose = here.now == nullptr ? nullptr : here.now->of;
  switch (one.what) {
    case trouble::kind::kill:
      return kill(one.instance, "");
    case trouble::kind::kill_at:
      here.kill_after = one.passings;
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
  }
}

void world::lose_data() {
  tell("trouble: " + describe(plan_.loss));
  loss_.lost = losing_.lose();
  tell(std::to_string(loss_.lost) + " committed records are gone");
  if (plan_.loss.what == data_loss::kind::old_view)
    machine_.after(plan_.loss.lasts, nullptr, [this] { losing_.show_again(); });
}

bool world::is_right_refusal(const seat& of) const {
  const bool was_settled = loss_.settled && of.since >= loss_.settled_at;
  return of.now->code == exit_config && loss_.lost > 0 && !was_settled;
}

// Stops every daemon first.
void world::call_operator(int instance) {
  bool any = false;
  for (auto& one : seats_) {
    one.held = true;
    const bool runs = one.now != nullptr && one.now->of->alive && !one.now->ended;
    any = any || runs;
    if (runs && one.now->stop) one.now->stop();
  }
  if (any) {
    machine_.after(milliseconds(500), nullptr, [this, instance] { call_operator(instance); });
    return;
  }
  operate(instance);
}

void world::operate(int instance) {
  job asked;
  const bool moved = plan_.loss.what == data_loss::kind::other_cluster;
  const bool of_data = plan_.loss.what == data_loss::kind::data_back || plan_.loss.what == data_loss::kind::data_remade;
  asked.kind = moved ? job_kind::adopt : job_kind::trust;
  asked.step = job_step::perform;
  if (!moved) asked.side = of_data ? "kafka" : "file";
  asked.reason = "Kafka lost data";
  asked.who = "operator";
  asked.host = "host";
  auto* command = new_process(instance);
  tell("operator: " + std::string(name(asked.kind)) + " " + asked.side + " as " + command->of->name);
  machine_.start(*command->of, "main",
                 [command, asked, config = configuration_of(instance)] { run_command_in(*command, config, asked); });
  await_command(instance, command);
}

void world::await_command(int instance, daemon_handle* command) {
  if (!command->ended) {
    machine_.after(milliseconds(200), nullptr, [this, instance, command] { await_command(instance, command); });
    return;
  }
  tell("operator: the command has ended with " + std::to_string(command->code));
  constexpr int most_attempts = 4;
  if (command->code != 0 && ++loss_.attempts < most_attempts) {
    machine_.after(seconds(3), nullptr, [this, instance] { operate(instance); });
    return;
  }
  if (command->code != 0) refusals_.push_back("the operator's command failed: " + std::to_string(command->code));
  loss_.settled = true;
  loss_.settled_at = machine_.now();
  for (auto& one : seats_) one.held = false;
}

void world::end_troubles() {
  tell("troubles are over");
  kafka_.faults = {};
  kafka_.up = true;
  kafka_.cut_off.clear();
  kafka_.orders.clear();
  kafka_.release_held();
  api_.faults = {};
  for (auto& one : seats_) one.kill_after = 0;
}

// What came before an operator went on over lost records is not whole.
network_time world::whole_from() const {
  if (loss_.lost > 0 && loss_.noticed && !loss_.settled && plan_.loss.what != data_loss::kind::old_view)
    return network_time::max();
  if (!loss_.settled) return network_time::min();
  return bucket_floor(to_network_time(api_time_at(loss_.settled_at), network::nem), interval_size::m5);
}

bool world::asked_by_several(const std::string& metric) const {
  return std::ranges::count_if(plan_.streams,
                               [&](const auto& one) { return std::ranges::find(one, metric) != one.end(); }) > 1;
}

std::vector<wanted_points> world::wanted() const {
  std::vector<wanted_points> out;
  const auto until = api_time() - slack - plan_.every;
  for (const auto& stream : streams()) {
    for (const auto& metric : stream.metrics) {
      wanted_points one;
      one.topic = topic_for(stream, endpoint_for(metric), metric) + " " + stream.name;
      one.metric = metric;
      one.first = std::get<network_time>(stream.start);
      one.first = std::max(one.first, whole_from());
      one.complete = bucket_floor(to_network_time(until, network::nem), interval_size::m5);
      one.served_until = until;
      const auto cadences = stream.re_reads.empty() ? usual_re_reads(network::nem, interval_size::m5) : stream.re_reads;
      one.back = cadences.front().back;
      // Another stream's request for the same metric may tell what this one does not compare.
      one.compared = asked_by_several(metric) ? one.back : horizon_of(cadences);
      out.push_back(std::move(one));
    }
  }
  return out;
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
    machine_.at(plan_.loss.copied, nullptr, [this] { losing_.copy(); });
    machine_.at(plan_.loss.at, nullptr, [this] { lose_data(); });
  }
  machine_.at(plan_.trouble_ends, nullptr, [this] { end_troubles(); });
  machine_.run_until(plan_.ends);
  outcome_.check = check_topics(
      {kafka_, served_, api_.log, [this](virtual_time when) { return api_time_at(when); }, wanted(), whole_from()});
  if (loss_.lost == 0) {
    for (auto& one : check_how_kept(kafka_)) outcome_.check.violations.push_back(std::move(one));
  }
  const bool goes_unseen = loss_.lost > 0 && !loss_.noticed && plan_.loss.what != data_loss::kind::old_view;
  if (goes_unseen) outcome_.check.violations.emplace_back("nobody noticed that Kafka lost data");
  for (const auto& one : refusals_) outcome_.check.violations.push_back(one);
  outcome_.steps = machine_.steps();
  outcome_.requests = kafka_.requests;
  for (const auto& one : outcome_.check.violations) tell("VIOLATION " + one);
  return outcome_;
}

}  // namespace oes::simulation
