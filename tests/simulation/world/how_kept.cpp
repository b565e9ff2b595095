#include "simulation/world/how_kept.hpp"

#include <map>
#include <set>
#include <utility>

namespace oes::simulation {
namespace {

constexpr std::size_t largest_member_record = 1024;

void check_begins(const std::string& name, const partition_log& log, std::vector<std::string>& faults) {
  std::map<std::int64_t, std::string> first_key;  // of each producer's open transaction
  for (std::int64_t offset = 0; offset < log.end(); ++offset) {
    const auto& one = log.at(offset);
    if (one.what == stored_record::kind::data && one.compacted) {
      first_key.try_emplace(one.by.id, "begin");
    } else if (one.what == stored_record::kind::data) {
      first_key.try_emplace(one.by.id, one.key);
    }
    if (one.what == stored_record::kind::data) continue;
    const auto begun = first_key.find(one.by.id);
    if (begun == first_key.end()) continue;
    if (one.what == stored_record::kind::commit_marker && begun->second != "begin")
      faults.push_back("a transaction without a begin record, up to offset " + std::to_string(offset) + " of " + name);
    first_key.erase(begun);
  }
}

void check_aborts(const std::string& name, const partition_log& log, std::vector<std::string>& faults) {
  std::set<std::pair<std::int64_t, std::int16_t>> aborted;
  for (std::int64_t offset = 0; offset < log.end(); ++offset) {
    const auto& one = log.at(offset);
    if (one.what == stored_record::kind::abort_marker) {
      aborted.emplace(one.by.id, one.by.epoch);
    } else if (one.what == stored_record::kind::data && aborted.contains({one.by.id, one.by.epoch})) {
      faults.push_back("written by a producer that had aborted: offset " + std::to_string(offset) + " of " + name);
      return;
    }
  }
}

void check_sizes(const std::string& name, const partition_log& log, std::vector<std::string>& faults) {
  for (std::int64_t offset = 0; offset < log.end(); ++offset) {
    const auto& one = log.at(offset);
    if (!one.key.starts_with("member|") || !one.value || one.value->size() <= largest_member_record) continue;
    faults.push_back("a record of " + std::to_string(one.value->size()) + " bytes for a member at offset " +
                     std::to_string(offset) + " of " + name);
    return;
  }
}

}  // namespace

std::vector<std::string> check_how_kept(const cluster& kafka) {
  std::vector<std::string> faults;
  for (const auto& [name, topic] : kafka.topics) {
    const bool of_progress = name.find(".progress.") != std::string::npos;
    for (const auto& log : topic.partitions) {
      check_aborts(name, log, faults);
      if (!of_progress) continue;
      check_begins(name, log, faults);
      check_sizes(name, log, faults);
    }
  }
  return faults;
}

}  // namespace oes::simulation
