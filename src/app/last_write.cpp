#include "app/last_write.hpp"

#include <cstdlib>

namespace oes {
namespace {

constexpr auto disk_deadline = std::chrono::seconds(1);

}  // namespace

bool finish_files(parts& all) {
  const auto until = steady_after(disk_deadline);
  const bool mirrored = all.store->finish_mirror(time_left(until));
  if (!mirrored) all.log.warn("the disk does not take progress.json: it stays as it was; Kafka has the progress");
  const bool others = all.files.finish(until) && all.crashes.finish(time_left(until));
  if (!others) all.log.warn("the disk does not take budget.json, or another small file: it stays as it was");
  return mirrored && others;
}

void leave_now(parts& all, int code) {
  all.log.flush();
  std::_Exit(code);
}

}  // namespace oes
