// What a world does where Kafka loses data: the loss, the daemons that refuse to go on, and the operator.
#include <algorithm>
#include <utility>

#include "app/exit_code.hpp"
#include "async/last_words.hpp"
#include "model/network.hpp"
#include "simulation/world/world.hpp"

namespace oes::simulation {

using std::chrono::milliseconds;
using std::chrono::seconds;

void world::note_end(int instance) {
  auto& here = seats_[static_cast<std::size_t>(instance)];
  const auto& ended = *here.now;
  if (std::exchange(here.judged, here.now) == here.now) return;
  tell(ended.of->name + " has ended with " + std::to_string(ended.code));
  if (ended.code == 0) return;
  if (ended.code == exit_unexpected && here.threw == here.now) {
    if (ended.of->last_line.find(here.thrown) == std::string::npos)
      violated(ended.of->name + " does not say what ended it, " + here.thrown + ": " + ended.of->last_line);
    return;
  }
  if (!is_right_refusal(here)) {
    return refusals_.push_back(ended.of->name + " refused: exit code " + std::to_string(ended.code));
  }
  if (ended.code == exit_failure) return;
  if (std::exchange(loss_.noticed, true) || plan_.loss.what == data_loss::kind::old_view) return;
  machine_.after(seconds(3), nullptr, [this, instance] { call_operator(instance); });
}

void world::copy_data() {
  losing_.copy();
  if (const auto* kafka = commits_.state()) loss_.copied = kafka->sequence;
}

void world::lose_data() {
  if (plan_.loss.what == data_loss::kind::progress_forked) return fork_progress();
  loss_.lost = losing_.lose();
  note_loss();
  if (plan_.loss.what == data_loss::kind::old_view)
    machine_.after(plan_.loss.lasts, nullptr, [this] { losing_.show_again(); });
}

void world::note_loss() {
  tell("trouble: " + describe(plan_.loss));
  tell(std::to_string(loss_.lost) + " committed records are gone");
  if (loss_.lost > 0) outcome_.had.count("losses of data");
  if (loss_.lost > 0 && plan_.loss.what != data_loss::kind::old_view) commits_.give_up();
}

void world::note_what_dies_with(const seat& killed) {
  if (loss_.lost == 0 || !killed.now->judged) return;
  const auto said = killed.now->judged();
  const auto sees_less = [](const auto& reason) { return reason.what.find("lags behind") != std::string::npos; };
  loss_.died_with_it = loss_.died_with_it || std::ranges::any_of(said.reasons, sees_less);
}

bool world::is_right_refusal(const seat& of) const {
  // Its folder could not be made or read.
  if (of.now->code == exit_failure && of.since <= of.drive_bad_until) return true;
  const bool was_settled = loss_.settled && of.since >= loss_.settled_at;
  return of.now->code == exit_config && loss_.lost > 0 && !was_settled;
}

// Stops every daemon first.
void world::call_operator(int instance) {
  end_absence();
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
  using kind = data_loss::kind;
  const bool kafka_knows = plan_.loss.what == kind::data_back || plan_.loss.what == kind::data_remade ||
                           plan_.loss.what == kind::progress_forked;
  asked.kind = moved ? job_kind::adopt : job_kind::trust;
  asked.step = job_step::perform;
  if (!moved) asked.side = kafka_knows ? "kafka" : "file";
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

// What came before an operator went on over lost records is not whole.
network_time world::whole_from() const {
  const bool known = loss_.noticed || loss_.died_with_it;
  if (loss_.lost > 0 && known && !loss_.settled && plan_.loss.what != data_loss::kind::old_view)
    return network_time::max();
  if (!loss_.settled) return network_time::min();
  return plan_.grid.floor(api_time_at(loss_.settled_at));
}

}  // namespace oes::simulation
