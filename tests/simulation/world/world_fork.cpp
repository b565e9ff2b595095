// The progress topic is put back while its leader is away. Whoever leads next remembers no more than the copy holds, so
// nobody could know (guarantee.md, known limits), until the one who was away leads again.
#include "progress/progress_file.hpp"
#include "simulation/world/world.hpp"

namespace oes::simulation {

using std::chrono::milliseconds;

std::int64_t world::sequence_in_file(std::size_t place) const {
  const auto file = read_progress_file(configuration_of(static_cast<int>(place)).progress_path);
  return file && file->snapshot ? file->snapshot->state.sequence : 0;
}

// Once nobody but the leader knows of more than the copy. A file may be a transaction behind.
void world::fork_progress() {
  const auto leads = leader();
  for (std::size_t i = 0; i < seats_.size(); ++i) {
    if (leads != static_cast<int>(i) && sequence_in_file(i) > loss_.copied) copy_data();
  }
  const auto place = static_cast<std::size_t>(leads.value_or(0));
  const bool knows_more = leads && is_running(seats_[place]) && !seats_[place].now->of->stopped &&
                          sequence_in_file(place) > loss_.copied + 1;
  if (knows_more) loss_.lost = losing_.lose();
  if (loss_.lost > 0) {
    note_loss();
    send_leader_away(place);
  } else if (machine_.now() < plan_.loss.at + longest_wait_for_fork) {
    machine_.after(milliseconds(500), nullptr, [this] { fork_progress(); });
  }
}

void world::send_leader_away(std::size_t leader) {
  auto& here = seats_[leader];
  tell(here.now->of->name + " leads, and is away");
  here.held = true;
  if (plan_.loss.dies) {
    kill(static_cast<int>(leader), "");
  } else {
    machine_.stop(*here.now->of);
  }
  loss_.away = leader;
  loss_.away_until = machine_.now() + longest_absence;
  await_successor();
}

// Until offsets and sequences tell nothing any more.
void world::await_successor() {
  if (!loss_.away) return;
  if (losing_.is_made_up_for() || machine_.now() > loss_.away_until) return bring_back_leader();
  machine_.after(milliseconds(200), nullptr, [this] { await_successor(); });
}

// Alone, so that it leads.
void world::bring_back_leader() {
  if (!loss_.away) return;
  bool any = false;
  for (std::size_t i = 0; i < seats_.size(); ++i) {
    auto& one = seats_[i];
    if (i == *loss_.away) continue;
    one.held = true;
    any = any || is_running(one);
    if (is_running(one) && one.now->stop) one.now->stop();
  }
  if (!any) return end_absence();
  machine_.after(milliseconds(500), nullptr, [this] { bring_back_leader(); });
}

void world::end_absence() {
  if (!loss_.away) return;
  auto& here = seats_[*loss_.away];
  loss_.away.reset();
  here.held = false;
  tell("who led is back");
  if (is_running(here) && here.now->of->stopped) machine_.go_on(*here.now->of);
}

}  // namespace oes::simulation
