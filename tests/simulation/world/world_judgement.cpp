// What is held against a world once it is over, and what it had in it.
#include <algorithm>
#include <utility>

#include "progress/progress_codec.hpp"
#include "progress/progress_file.hpp"
#include "simulation/world/how_kept.hpp"
#include "simulation/world/unit_check.hpp"
#include "simulation/world/world.hpp"
#include "telemetry/health.hpp"

namespace oes::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Who was started so late before the end need not be through with that.
constexpr seconds for_a_start{30};
constexpr seconds for_verify{120};
// Verifying reads every topic: some of the worlds do.
constexpr std::uint64_t verified_each = 4;

}  // namespace

void world::check_list() {
  if (plan_.list_every.count() == 0) return;
  const auto since = api_time() - slack(plan_) - plan_.list_every;
  const auto topic = configuration_of(0).facilities.topic;
  for (auto& one : check_units({kafka_, units_, topic, since, api_time(), plan_.tombstones, plan_.at_least_once}))
    violated(std::move(one));
  outcome_.had.count("worlds with a list of facilities");
}

// The file is a mirror of memory, which a commit has changed before: so it tells whether memory is what Kafka holds.
void world::check_files() {
  const auto* kafka = commits_.state();
  if (kafka == nullptr) return;
  for (int i = 0; i < plan_.instances; ++i) {
    const auto file = read_progress_file(configuration_of(i).progress_path);
    if (!file || !file->snapshot || !file->missing_months.empty()) continue;
    const auto& known = file->snapshot->state;
    const auto name = "progress.json of instance " + std::to_string(i);
    if (known.sequence > kafka->sequence) {
      violated(name + " is ahead of Kafka: " + std::to_string(known.sequence) + ", " + std::to_string(kafka->sequence));
    } else if (known.sequence == kafka->sequence &&
               (known.chain != kafka->chain || hash_of(known) != hash_of(*kafka))) {
      violated(name + " is not what Kafka holds at sequence " + std::to_string(known.sequence));
    }
  }
}

// Troubles have been over for a while: whoever leads or stands by is well, and says so.
void world::check_health() {
  for (const auto& one : seats_) {
    const bool settled = one.now != nullptr && one.now->of->alive && !one.now->ended && one.now->judged &&
                         machine_.now() - one.since > for_a_start;
    if (!settled) continue;
    auto said = one.now->judged();
    // A null at the edge is waited for as long as a hole, and so is a column of a wide record that comes late, which of
    // labels that are rare may be all that is new; of weeks and months a poll takes a day of this world's time.
    const bool is_rare_and_wide = plan_.wide && plan_.every > std::chrono::minutes(5);
    const bool waits = plan_.nulls || is_rare_and_wide || plan_.grid.interval == interval_size::d7 ||
                       plan_.grid.interval == interval_size::mo1;
    if (waits) std::erase_if(said.reasons, [](const auto& reason) { return reason.kind == "late"; });
    // A standby asks the API nothing: what it was told of its clock as a leader stays until it leads again.
    const bool leads = !kafka_.writers.empty() && kafka_.writers.back().who == one.now->of;
    if (!leads) std::erase_if(said.reasons, [](const auto& reason) { return reason.kind == "clock"; });
    if (said.level != health_level::ok && !said.reasons.empty())
      violated(one.now->of->name + " says at the end: " + line_of(said));
  }
}

// Where nothing else was found, `progress verify` finds nothing either.
void world::check_verify() {
  if (!outcome_.check.violations.empty() || plan_.seed % verified_each != 0) return;
  auto* command = new_process(0);
  tell("`progress verify` as " + command->of->name);
  machine_.start(*command->of, "main", [command, config = configuration_of(0)] { run_verify_in(*command, config); });
  const auto until = machine_.now() + for_verify;
  while (!command->ended && machine_.now() < until) machine_.run_until(machine_.now() + milliseconds(100));
  tell("it has ended with " + std::to_string(command->code));
  if (!command->ended || command->code != 0)
    violated("`progress verify` ends with " + (command->ended ? std::to_string(command->code) : "nothing") +
             ", where nothing is wrong");
  outcome_.had.count("verified worlds");
}

void world::sum_up() {
  auto& had = outcome_.had;
  had.count("transactions", commits_.transactions());
  had.count("records", outcome_.check.records);
  had.count("points", outcome_.check.points);
  had.count("excused points", outcome_.check.excused);
  had.count("requests", kafka_.requests);
  had.count("steps", machine_.steps());
  const process* before = nullptr;
  for (const auto& one : kafka_.writers) {
    if (!one.committed || one.who == before) continue;
    const auto* was = std::exchange(before, one.who);
    if (was == nullptr) continue;
    had.count("takeovers");
    const auto killed = killed_.find(was);
    if (killed != killed_.end() && killed->second <= one.at) had.count("takeovers after a kill");
  }
  pairs_.tell(had);
}

void world::judge() {
  outcome_.check = check_topics({kafka_, served_, api_.log, [this](virtual_time when) { return api_time_at(when); },
                                 wanted(), asked(), again(), whole_from(), plan_.at_least_once, plan_.first_only,
                                 !date_was_wrong(machine_.now())});
  check_wishes();
  check_list();
  if (loss_.lost == 0 && !plan_.at_least_once) {
    for (auto& one : check_how_kept(kafka_)) violated(std::move(one));
  }
  if (loss_.lost == 0) {
    check_files();
    if (!plan_.credits) check_health();  // a day whose credits are spent is no good one
  }
  for (const auto& one : commits_.faults()) violated(one);
  const bool goes_unseen =
      loss_.lost > 0 && !loss_.noticed && !loss_.died_with_it && plan_.loss.what != data_loss::kind::old_view;
  if (goes_unseen) violated("nobody noticed that Kafka lost data");
  for (const auto& one : refusals_) violated(one);
  sum_up();
  if (loss_.lost == 0 && !plan_.at_least_once) check_verify();
  outcome_.fingerprint = machine_.fingerprint();
}

}  // namespace oes::simulation
