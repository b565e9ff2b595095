#pragma once
// A small world in which every order of events can be tried: a broker, a progress file, one or two instances that walk
// through guarantee.md §2–§4, a crash before every step, replies that are lost and requests that arrive late. The
// decisions that the product takes by pure functions (reconcile, judge) are taken here by the same functions.
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace oes::test {

/// What is left out or done wrong. All false: the product.
struct mistakes {
  bool no_retirement_after_suspicion = false;
  bool keeps_producer_after_abort = false;  ///< EndTxn(abort) and on with the same producer
  bool no_begin_record = false;
  bool resends_blindly = false;
  bool file_is_authority = false;
  bool reads_to_last_stable_offset = false;  ///< reads progress before the init has settled what is open
  bool progress_first = false;               ///< in a transaction of its own, before the data
  bool progress_apart = false;               ///< in a transaction of its own, after the data
  bool does_not_read_the_claim = false;
  bool never_asks_the_group = false;  ///< an init is taken for leadership
  bool mirrors_before_commit = false;
};

struct bounds {
  int instances = 1;
  int items = 2;       ///< data records that the API has
  int crashes = 2;     ///< kill -9, over all instances
  int lost = 1;        ///< replies lost, requests that arrive late or never
  int hand_overs = 0;  ///< times that the group takes the lease from a living instance
};

/// Where an instance stands; the step named is the next one.
enum class step : std::uint8_t {
  load_file,
  wait_for_lease,
  init,
  read,
  reconcile,
  fetch,
  confirm,    ///< a new producer within a leader_session asks the group first
  confirmed,  ///< and every new producer after its init: did another lead in between?
  begin,
  data,
  progress,
  commit,
  judge,
  mirror,
  refused,
  done,
};

struct held {
  std::int8_t sequence = 0;
  std::int8_t position = 0;
  std::int8_t owner = -1;  ///< incarnation of the newest claim
  bool operator==(const held&) const = default;
};

struct instance {
  step at = step::load_file;
  std::int8_t incarnation = 0;
  bool newest_epoch = false;  ///< nobody has inited a producer since
  bool lost_lease = false;    ///< since it was granted
  held knows;                 ///< as it believes Kafka to be
  held next;                  ///< once the transaction under way is committed
  std::int8_t item = -1;      ///< that the transaction carries; -1: a claim
  bool has_file = false;
  held file;
  bool known_parts = false;  ///< its library believes the progress partition to be in the transaction
  bool suspicious = false;
  bool after_unknown = false;
  bool apart = false;  ///< second half of a transaction torn by a mistake
};

struct open_transaction {
  bool open = false;
  bool has_progress_partition = false;
  std::int8_t item = -1;
  bool has_progress = false;
  held progress;
};

/// An EndTxn that the client has given up and the network has not.
struct straggler {
  bool newest_epoch = true;
  bool commits = true;
};

struct world {
  open_transaction txn;
  held kafka;
  bool kafka_holds = false;
  std::array<std::int8_t, 4> copies{};  ///< committed copies of each item
  bool file_there = false;
  held file;
  std::optional<straggler> late;
  std::int8_t lease = -1;  ///< who holds it
  std::int8_t incarnations = 0;
  std::int8_t crashes_left = 0;
  std::int8_t lost_left = 0;
  std::int8_t hand_overs_left = 0;
  std::array<instance, 2> who;

  /// Equal texts: equal worlds.
  [[nodiscard]] std::string text() const;
};

/// For a person, a line.
std::string describe(const world& w);

struct verdict {
  std::size_t worlds = 0;    ///< different ones that were reached
  std::size_t finished = 0;  ///< in which everything was published
  std::string violation;     ///< the first one found; empty: none
};

/// Visits every world that can be reached.
verdict explore(const bounds& limits, const mistakes& wrong);

}  // namespace oes::test
