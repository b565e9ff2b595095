#include "app/last_write.hpp"

#include <cstdlib>

namespace oes {
namespace {

constexpr auto disk_deadline = std::chrono::seconds(1);

}  // namespace

bool finish_files(progress_store& store, own_files& files, ends_before& crashes, logger& log) {
  const auto until = steady_after(disk_deadline);
  const bool mirrored = store.finish_mirror(time_left(until));
  if (!mirrored) log.warn("the disk does not take progress.json: it stays as it was; Kafka has the progress");
  const bool others = files.finish(until) && crashes.finish(time_left(until));
  if (!others) log.warn("the disk does not take budget.json, or another small file: it stays as it was");
  return mirrored && others;
}

void leave_now(logger& log, int code) {
  log.flush();
  std::_Exit(code);
}

}  // namespace oes
