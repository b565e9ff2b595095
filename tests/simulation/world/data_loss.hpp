#pragma once
// Kafka loses what it had acknowledged: a broker's disk put back to an older copy, a topic deleted and remade, another
// cluster behind the address; or a broker that is cut off from the controllers and shows readers how things were. Where
// its leader is away just then, another goes on from the copy, and only the chain of transactions tells it afterwards.
#include <chrono>
#include <functional>
#include <string>

#include "simulation/kafka/cluster.hpp"

namespace oes::simulation {

struct data_loss {
  enum class kind {
    none,
    progress_back,
    data_back,
    progress_remade,
    data_remade,
    other_cluster,
    old_view,
    progress_forked,  ///< put back while the leader is away, and another goes on from there
  };
  kind what = kind::none;
  std::chrono::milliseconds copied{};
  std::chrono::milliseconds at{};
  std::chrono::milliseconds lasts{};  ///< of an old view
  bool dies = false;                  ///< the leader that is away; else it sleeps
};

/// Of a leader, from a fork on; and until there is one.
constexpr std::chrono::seconds longest_absence{30};
constexpr std::chrono::seconds longest_wait_for_fork{15};

std::string describe(const data_loss& one);
/// Somebody's file must be the witness: a standby that has none could not know.
bool needs_the_file(data_loss::kind what);
/// Progress is lost: no disk, clock or compaction may take away by what that is told.
bool loses_progress(data_loss::kind what);

/// The two steps of it.
class losing_data {
 public:
  losing_data(cluster& of, const data_loss& plan) : kafka_(of), plan_(plan) {}
  void copy();
  /// How many committed records are gone, or not shown. None where too little came since the copy for anybody to tell.
  std::size_t lose();
  void show_again() { kafka_.old_views.clear(); }
  /// The progress topic holds more again than it held before.
  [[nodiscard]] bool is_made_up_for() const;

 private:
  [[nodiscard]] std::string topic() const;
  std::size_t put_back(const std::string& topic, const std::map<std::int32_t, partition_log>& to);

  cluster& kafka_;
  data_loss plan_;
  std::map<std::int32_t, partition_log> older_;
  std::size_t commits_then_ = 0;
  std::size_t commits_before_ = 0;
  std::int64_t end_before_ = 0;
};

}  // namespace oes::simulation
