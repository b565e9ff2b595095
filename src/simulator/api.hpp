#pragma once
// The API without its sockets: a question in, an answer out. Cheap decisions are made at once; the rows are read and
// written out by a pure function that may run on another thread.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "async/clock.hpp"
#include "simulator/answer_cache.hpp"
#include "simulator/gate.hpp"
#include "simulator/lies.hpp"
#include "simulator/realism.hpp"
#include "simulator/target.hpp"
#include "simulator/validation.hpp"
#include "simulator/world.hpp"

namespace oes::sim {

struct question {
  std::string method = "GET";
  std::string target;
  std::string host;
  std::optional<std::string> authorization;
  std::string cache_control;
  std::string if_none_match;
};

struct reply {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::shared_ptr<const std::string> body;  ///< never null
  std::string cache;                        ///< "HIT", "MISS", or empty: for the served log
  std::shared_ptr<const std::string> blocks;
  std::shared_ptr<const std::string> doubted;
  std::optional<utc_time> as_of;  ///< the instant whose data it shows; of a cached answer, the first one's
};

reply plain_reply(int status, std::string body);

/// A checked question whose rows are still to be read.
struct series_job {
  checked_query asked;
  std::string network_code;
  std::string cache_key;  ///< empty: do not remember
  utc_time now;
  std::uint64_t shuffle = 0;
  bool with_blocks = false;
  std::optional<lie> told;  ///< such an answer is not remembered
};

struct series_outcome {
  std::shared_ptr<const std::string> body;  ///< null: no rows
  std::shared_ptr<const std::string> blocks;
  std::shared_ptr<const std::string> doubted;
};

/// Pure.
series_outcome read_series(const world& w, const realism& how, const series_job& job);

struct api_settings {
  clock_settings clock;
  bool cache = true;
  bool memoise = false;  ///< keep every answer for ever, by target (benchmarks)
  bool simulated_rate_clock = false;
  bool with_blocks = true;
  std::chrono::seconds date_skew{0};  ///< by which the Date header is wrong
};

class api {
 public:
  api(api_settings settings, world w, realism how, gate keys);

  std::variant<reply, series_job> decide(const question& q);
  reply finish(const series_job& job, const series_outcome& outcome);

  [[nodiscard]] const world& what() const { return world_; }
  /// The list of facilities says so from now on, cached answers aside.
  void note(const std::string& unit, unit_note what) { world_.notes[unit] = std::move(what); }
  [[nodiscard]] const realism& how() const { return how_; }
  [[nodiscard]] utc_time now() const { return clock_.now(); }
  [[nodiscard]] const clock_settings& clock() const { return settings_.clock; }
  /// From here on so many simulated seconds pass in a real one.
  void set_speed(double speed);
  /// The answers' Date is wrong by so much from now on.
  void skew_date(std::chrono::seconds by) { settings_.date_skew = by; }
  [[nodiscard]] utc_time date() const { return clock_.now() + settings_.date_skew; }
  [[nodiscard]] std::string stats_json() const;

 private:
  std::variant<reply, series_job> series(query_kind kind, const std::string& network_code, const question& q,
                                         const target& asked);
  reply facilities(const question& q, const target& asked);
  reply me(const question& q);
  std::variant<caller, refusal> admit(const question& q, bool required);
  std::optional<reply> from_cache(const std::string& key, const question& q) const;
  /// `lifetime` is what the answer's cache-control says.
  reply remember(const std::string& key, cached_answer answer, std::chrono::seconds lifetime);

  api_settings settings_;
  time_source clock_;
  world world_;
  realism how_;
  gate gate_;
  answer_cache cache_;
  std::uint64_t requests_ = 0;
};

}  // namespace oes::sim
