#pragma once
// One world: a cluster, an API, some daemons, and what goes wrong.
#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "config/configuration.hpp"
#include "config/loader.hpp"
#include "simulation/api/served_facilities.hpp"
#include "simulation/api/simulated_source.hpp"
#include "simulation/kafka/cluster.hpp"
#include "simulation/world/checker.hpp"
#include "simulation/world/commit_watch.hpp"
#include "simulation/world/fault_points.hpp"
#include "simulation/world/instance.hpp"
#include "simulation/world/operator.hpp"
#include "simulation/world/plan.hpp"
#include "simulation/world/state_pairs.hpp"
#include "simulation/world/tally.hpp"

namespace oes::simulation {

struct world_options {
  bool trace = false;
  std::vector<std::string> bugs;  ///< seeded into the product
  std::string folder;             ///< for the daemons' files
};

struct world_outcome {
  check_report check;
  std::uint64_t fingerprint = 0;  ///< of the whole story: the same seed has the same
  tally had;
};

/// What hosts' clocks show at its beginning.
inline utc_time world_began() { return utc_time(std::chrono::seconds(1'795'392'000)); }

/// By the API's time: what it has for as long is published.
std::chrono::seconds slack(const world_plan& plan);
/// Its own, or the usual ones.
std::vector<re_read> re_reads_of(const stream_spec& stream);

class world final : public point_watch {
 public:
  world(const world_plan& plan, world_options options);
  ~world() override;

  world_outcome run();

  void passed(std::string_view point) override;
  bool has_bug(std::string_view bug) override { return std::ranges::find(options_.bugs, bug) != options_.bugs.end(); }

 private:
  struct seat {  ///< of one instance, whichever process fills it
    daemon_handle* now = nullptr;
    int kill_after = 0;  ///< fault points from now; 0: not armed
    int throw_after = 0;
    int held_at = 0;  ///< so many fault points from now on
    std::chrono::milliseconds held_for{};
    int starts = 0;
    const daemon_handle* judged = nullptr;  ///< whose end has been told
    const daemon_handle* threw = nullptr;   ///< in whom something unexpected happened
    std::string thrown;                     ///< what that was
    virtual_time since{};                   ///< when it was started
    bool held = false;                      ///< not started again before the operator is done
    std::unique_ptr<disk> drive;
    virtual_time drive_bad_until{};
  };
  /// What came of Kafka's loss of data.
  struct loss_story {
    std::size_t lost = 0;
    bool noticed = false;
    /// Who saw it was killed while it still took it for a broker that lags behind: perhaps nobody else can know.
    bool died_with_it = false;
    bool settled = false;  ///< by the operator
    virtual_time settled_at{};
    int attempts = 0;
    std::int64_t copied = 0;          ///< the sequence then
    std::optional<std::size_t> away;  ///< whose seat the leader's is
    virtual_time away_until{};        ///< at the latest
  };
  /// What came of a wish.
  struct wish_story {
    operator_wish what;
    const daemon_handle* asked = nullptr;  ///< who has not answered yet
    std::optional<job_answer> answer;
    virtual_time since{};  ///< when it was asked for last
    virtual_time until{};  ///< when it was answered
    std::size_t attempts = 0;
    bool done = false;
  };
  void tell(const std::string& what);
  void start(int instance);
  void watch(int instance);
  /// `at`: a fault point, or nothing.
  void kill(int instance, std::string_view at);
  [[noreturn]] void unexpected(seat& here, std::string_view point);
  [[nodiscard]] std::optional<int> leader() const;
  void apply(trouble one);
  void end_troubles();
  void copy_data();
  void lose_data();
  [[nodiscard]] bool is_running(const seat& one) const {
    return one.now != nullptr && one.now->of->alive && !one.now->ended;
  }
  void note_loss();
  [[nodiscard]] std::int64_t sequence_in_file(std::size_t place) const;
  void fork_progress();
  void send_leader_away(std::size_t leader);
  void await_successor();
  void bring_back_leader();
  void end_absence();
  void note_end(int instance);
  void call_operator(int instance);
  void operate(int instance);
  void await_command(int instance, daemon_handle* command);
  void wish(std::size_t which);
  void await_wish(std::size_t which);
  [[nodiscard]] bool date_was_wrong(virtual_time until) const;
  void check_wishes();
  /// Once it is over.
  void judge();
  void check_list();
  void check_files();
  void check_health();
  void check_verify();
  void sum_up();
  void violated(std::string what) { outcome_.check.violations.push_back(std::move(what)); }
  /// Of what was changed at `since`.
  void reload(int instance, virtual_time since);
  void await_reload(int instance, virtual_time since, std::shared_ptr<std::optional<job_answer>> answer);
  [[nodiscard]] time_range labels_of(const operator_wish& one) const;
  [[nodiscard]] std::vector<asked_points> asked() const;
  [[nodiscard]] std::vector<published_again> again() const;
  daemon_handle* new_process(int instance);
  void note_what_dies_with(const seat& killed);
  [[nodiscard]] bool is_right_refusal(const seat& of) const;
  [[nodiscard]] configuration configuration_of(int instance) const;
  /// The same as a reload finds it.
  [[nodiscard]] loaded_configuration loaded(int instance);
  [[nodiscard]] std::vector<stream_spec> streams() const;
  [[nodiscard]] stream_spec stream_of(std::size_t place, std::vector<std::string> metrics) const;
  [[nodiscard]] utc_time api_time() const { return api_time_at(machine_.now()); }
  [[nodiscard]] utc_time api_time_at(virtual_time when) const;
  [[nodiscard]] bool has_stream(const std::string& name) const;
  [[nodiscard]] bool asked_by_several(const std::string& metric) const;
  /// Another request group asks for the same metrics as the one that this metric of the stream travels with.
  [[nodiscard]] bool asked_alike_by_several(const std::string& stream, const std::string& metric) const;
  [[nodiscard]] network_time whole_from() const;
  [[nodiscard]] std::vector<wanted_points> wanted() const;

  const world_plan plan_;
  const world_options options_;
  machine machine_;
  std::mt19937_64 random_;
  cluster kafka_;
  served_world served_;
  served_facilities units_;
  simulated_api api_;
  std::vector<seat> seats_;
  std::vector<std::string> refusals_;
  losing_data losing_;
  commit_watch commits_;
  state_pairs pairs_;
  std::map<const process*, virtual_time> killed_;
  loss_story loss_;
  std::vector<wish_story> wishes_;
  int reloading_ = 0;  ///< daemons that do not yet run by the newest configuration
  world_outcome outcome_;
};

}  // namespace oes::simulation
