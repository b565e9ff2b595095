#pragma once
// Kafka loses what it had acknowledged: a broker's disk put back to an older copy, a topic deleted and remade, another
// cluster behind the address; or a broker that is cut off from the controllers and shows readers how things were.
#include <chrono>
#include <functional>
#include <string>

#include "simulation/kafka/cluster.hpp"

namespace oes::simulation {

struct data_loss {
  enum class kind { none, progress_back, data_back, progress_remade, data_remade, other_cluster, old_view };
  kind what = kind::none;
  std::chrono::milliseconds copied{};
  std::chrono::milliseconds at{};
  std::chrono::milliseconds lasts{};  ///< of an old view
};

std::string describe(const data_loss& one);
/// Somebody's file must be the witness: a standby that has none could not know.
bool needs_the_file(data_loss::kind what);

/// The two steps of it.
class losing_data {
 public:
  losing_data(cluster& of, const data_loss& plan) : kafka_(of), plan_(plan) {}
  void copy();
  /// How many committed records are gone, or not shown. None where too little came since the copy for anybody to tell.
  std::size_t lose();
  void show_again() { kafka_.old_views.clear(); }

 private:
  [[nodiscard]] std::string topic() const;
  std::size_t put_back(const std::string& topic, const std::map<std::int32_t, partition_log>& to);

  cluster& kafka_;
  data_loss plan_;
  std::map<std::int32_t, partition_log> older_;
  std::size_t commits_then_ = 0;
};

}  // namespace oes::simulation
