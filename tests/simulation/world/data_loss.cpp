#include "simulation/world/data_loss.hpp"

#include <algorithm>

namespace oes::simulation {
namespace {

using kind = data_loss::kind;

// The witness may be a transaction behind.
constexpr std::size_t fewest_commits = 3;

std::size_t committed_from(const partition_log& log, std::int64_t offset) {
  std::size_t count = 0;
  for (; offset < log.end(); ++offset) {
    const auto& one = log.at(offset);
    if (one.what == stored_record::kind::data && one.became == stored_record::fate::committed) ++count;
  }
  return count;
}

// Of a partition's last transaction no other one tells where it ended: who has no file of it could not know.
bool could_be_known(const partition_log& log, std::int64_t offset) {
  int transactions = 0;
  for (; offset < log.end(); ++offset) transactions += log.at(offset).what == stored_record::kind::commit_marker;
  return transactions > 1;
}

bool is_progress_topic(const std::string& topic) { return topic.find(".progress.") != std::string::npos; }

const partition_log* progress_of(const cluster& kafka) {
  for (const auto& [name, topic] : kafka.topics) {
    if (is_progress_topic(name) && !topic.partitions.empty()) return &topic.partitions.front();
  }
  return nullptr;
}

// Each transaction ends once in the progress partition, however often its end was sent.
std::size_t commits_so_far(const cluster& kafka) {
  std::size_t count = 0;
  const auto* log = progress_of(kafka);
  for (std::int64_t offset = 0; log != nullptr && offset < log->end(); ++offset) {
    if (log->at(offset).what == stored_record::kind::commit_marker) ++count;
  }
  return count;
}

}  // namespace

bool needs_the_file(kind what) {
  return what == kind::progress_back || what == kind::progress_remade || what == kind::other_cluster;
}

bool loses_progress(kind what) { return needs_the_file(what) || what == kind::progress_forked; }

std::string describe(const data_loss& one) {
  const auto from = " as of t=" + std::to_string(one.copied.count()) + "ms";
  const auto at = "t=" + std::to_string(one.at.count()) + "ms ";
  switch (one.what) {
    case kind::none:
      return "";
    case kind::progress_back:
      return at + "the progress partition put back" + from;
    case kind::data_back:
      return at + "a data partition put back" + from;
    case kind::progress_remade:
      return at + "the progress topic deleted and remade";
    case kind::data_remade:
      return at + "a data topic deleted and remade";
    case kind::other_cluster:
      return at + "another cluster, whose topics are empty";
    case kind::old_view:
      return at + "readers are shown the progress partition" + from + ", for " + std::to_string(one.lasts.count()) +
             " ms";
    case kind::progress_forked:
      return at + "the leader " + (one.dies ? "dies" : "falls asleep") + ", the progress partition put back" + from +
             ", another goes on from there";
  }
  return "";
}

// The first data topic by name, where it is one of data.
std::string losing_data::topic() const {
  const bool of_data = plan_.what == kind::data_back || plan_.what == kind::data_remade;
  for (const auto& [name, state] : kafka_.topics) {
    if (is_progress_topic(name) != of_data) return name;
  }
  return "";
}

void losing_data::copy() {
  const auto found = kafka_.topics.find(topic());
  if (found == kafka_.topics.end()) return;
  commits_then_ = commits_so_far(kafka_);
  for (std::size_t i = 0; i < found->second.partitions.size(); ++i) {
    older_[static_cast<std::int32_t>(i)] = found->second.partitions[i].settled_copy();
  }
}

std::size_t losing_data::put_back(const std::string& name, const std::map<std::int32_t, partition_log>& to) {
  std::size_t lost = 0;
  for (const auto& [partition, older] : to) {
    auto* now = kafka_.find(name, partition);
    if (now == nullptr || (!is_progress_topic(name) && !could_be_known(*now, older.end()))) continue;
    lost += committed_from(*now, older.end());
    if (plan_.what == kind::old_view) {
      kafka_.old_views[{name, partition}] = older;
    } else {
      *now = older;
    }
  }
  return lost;
}

std::size_t losing_data::lose() {
  const auto name = topic();
  commits_before_ = commits_so_far(kafka_);
  if (name.empty() || commits_before_ < commits_then_ + fewest_commits) return 0;
  if (const auto* log = progress_of(kafka_)) end_before_ = log->end();
  if (plan_.what == kind::other_cluster) {
    std::size_t lost = 0;
    for (auto& [each, state] : kafka_.topics) {
      for (auto& log : state.partitions) lost += committed_from(std::exchange(log, {}), 0);
    }
    kafka_.id = "another-cluster";
    return lost;
  }
  const bool is_remade = plan_.what == kind::progress_remade || plan_.what == kind::data_remade;
  if (is_remade) {
    for (auto& [partition, older] : older_) older = {};
  }
  return older_.empty() ? 0 : put_back(name, older_);
}

bool losing_data::is_made_up_for() const {
  const auto* log = progress_of(kafka_);
  return log != nullptr && log->end() > end_before_ && commits_so_far(kafka_) > commits_before_;
}

}  // namespace oes::simulation
