#pragma once
// How far this host's clock is from the API's, as the `Date` of its answers tells (RFC 9110 §6.6.1), and which time to
// go by. Labels, `start:`, holes and the credit day are the API's matter: where the two differ, it is right. Pure.
#include <chrono>
#include <deque>
#include <optional>
#include <string_view>

#include "model/moment.hpp"

namespace oes {

/// What one answer said of the time.
struct dated_answer {
  utc_time said;      ///< its `Date`, and its `Age` where a cache kept it (RFC 9111 §5.1)
  run_time sent;      ///< when the request left
  run_time answered;  ///< when the answer's header came
};

enum class clock_standing {
  unknown,   ///< no answer has told the time yet: the host's clock is believed
  agrees,    ///< within half a minute: the host's clock is believed
  followed,  ///< the daemon follows the API's time
  refused,   ///< more than 36 hours apart, or each answer says something else: the host's clock, and not ready
};

/// `unknown`, `agrees`, … : the word in JSON.
std::string_view name(clock_standing standing);

struct clock_reading {
  utc_time now;     ///< of the clock that the daemon follows
  utc_time latest;  ///< the latest that it may be, while that is not certain: a request too many does no harm, silence
                    ///< would never end
  std::chrono::microseconds skew{0};  ///< the API's clock less the host's: positive where the host's is slow
  clock_standing standing = clock_standing::unknown;
};

class skew_watch {
 public:
  /// `step`: the host's clock was set, rather than running a little unevenly, where it moves by more.
  explicit skew_watch(std::chrono::microseconds step = std::chrono::seconds(2)) : step_(step) {}

  void see(const dated_answer& answer);
  /// `host`: what the host's clock shows at `run`. Notices where it was set.
  clock_reading read(utc_time host, run_time run);

 private:
  struct sample {
    std::chrono::microseconds offset;  ///< the API's clock less the running one
    std::chrono::microseconds doubt;   ///< half of the time the answer took
    run_time at;
  };
  [[nodiscard]] std::chrono::microseconds skew_of(const sample& one) const;
  [[nodiscard]] std::chrono::microseconds median_skew() const;
  [[nodiscard]] bool is_steady(std::chrono::microseconds median) const;
  [[nodiscard]] bool is_certain(run_time run, std::chrono::microseconds median) const;
  [[nodiscard]] clock_standing judge(std::chrono::microseconds skew) const;

  std::chrono::microseconds step_;
  std::deque<sample> samples_;
  std::optional<std::chrono::microseconds> host_offset_;  ///< the host's clock less the running one
  std::chrono::microseconds latest_host_offset_{0};       ///< the largest since an answer told the time
  bool was_set_ = false;                                  ///< since the newest answer
  clock_standing standing_ = clock_standing::unknown;
};

}  // namespace oes
