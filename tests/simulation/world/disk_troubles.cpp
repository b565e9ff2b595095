#include "simulation/world/disk_troubles.hpp"

namespace oes::simulation {
namespace {

using kind = disk_trouble;

constexpr const char* file = "progress.json";

std::string damaged(std::string text, std::uint64_t salt) {
  if (!text.empty()) text[salt % text.size()] ^= static_cast<char>(1U << (salt / 7 % 7));
  return text;
}

void change_file(disk& on, kind what, std::uint64_t salt) {
  const auto* there = on.content_of(file);
  if (what == kind::file_older) {
    const auto& all = on.earlier();
    if (all.empty()) return;
    const auto older = all[salt % all.size()];
    return on.put(file, &older);
  }
  if (there == nullptr) return;
  const auto text = *there;
  if (what == kind::file_gone || what == kind::all_gone) on.put(file, nullptr);
  if (what == kind::all_gone) on.put(std::string(file) + ".prev", nullptr);
  if (what == kind::file_emptied || what == kind::file_cut || what == kind::file_damaged) {
    const auto changed = what == kind::file_emptied ? std::string()
                         : what == kind::file_cut   ? text.substr(0, salt % (text.size() + 1))
                                                    : damaged(text, salt);
    on.put(file, &changed);
  }
}

}  // namespace

disk_trouble draw_disk_trouble(draws& d) {
  return static_cast<kind>(d.of(static_cast<int>(kind::full), static_cast<int>(kind::file_older)));
}

std::string describe(disk_trouble what) {
  switch (what) {
    case kind::full:
      return "disk full";
    case kind::read_only:
      return "disk read-only";
    case kind::sync_fails:
      return "fsync fails";
    case kind::slow:
      return "disk slow";
    case kind::stalled:
      return "disk stalled";
    case kind::file_emptied:
      return "progress.json emptied";
    case kind::file_cut:
      return "progress.json cut short";
    case kind::file_damaged:
      return "progress.json damaged";
    case kind::file_gone:
      return "progress.json deleted";
    case kind::all_gone:
      return "progress.json and .prev deleted";
    case kind::file_older:
      return "progress.json rolled back";
  }
  return "";
}

bool lasts(disk_trouble what) { return what <= kind::stalled; }

void begin(disk& on, disk_trouble what, std::uint64_t salt) {
  switch (what) {
    case kind::full:
      on.faults.full = true;
      return;
    case kind::read_only:
      on.faults.read_only = true;
      return;
    case kind::sync_fails:
      on.faults.sync_fails = true;
      return;
    case kind::slow:
      on.faults.slow = std::chrono::milliseconds(200);
      return;
    case kind::stalled:
      on.faults.slow = std::chrono::seconds(20);
      return;
    default:
      return change_file(on, what, salt);
  }
}

}  // namespace oes::simulation
