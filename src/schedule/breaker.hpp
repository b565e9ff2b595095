#pragma once
// One breaker for the API (per key and host): while it is away, in maintenance, or refuses the key, one request at a
// time asks whether that is over, and everything else waits for its answer. A state machine without I/O: time and
// random numbers are parameters.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/error.hpp"
#include "model/moment.hpp"
#include "schedule/schedule_settings.hpp"

namespace oes {

enum class api_trouble {
  away,     ///< no name, no connection, no TLS; or 502, 503, 504 and their like
  limit,    ///< 429, or 401 with a key that has worked: credits or rate spent
  bad_key,  ///< 401, 403 with a key that has never worked
};

/// What of a failure concerns every request; nullopt: it is its request's own matter (400, 404, 500, a body that cannot
/// be read, …).
std::optional<api_trouble> trouble_in(const error& why);

struct breaker_settings {
  backoff_settings away;
  backoff_settings limit;
  std::chrono::seconds bad_key = std::chrono::hours(1);
};

/// While it is open.
struct api_outage {
  api_trouble what = api_trouble::away;
  std::string why;            ///< as the newest failure told
  run_time since;             ///< the first failure
  run_time next_probe;        ///< when the next request may leave
  std::int64_t failures = 1;  ///< requests that failed since
};

/// What is told of it, at most one line in ten minutes.
struct breaker_news {
  enum class kind { began, goes_on, over } what = kind::began;
  api_outage outage;  ///< of the one that is over: as it was
  std::chrono::microseconds lasted{0};
};

class breaker {
 public:
  explicit breaker(breaker_settings settings) : settings_(settings) {}
  /// Of waits that begin from now on.
  void configure(const breaker_settings& settings) { settings_ = settings; }
  /// Another key or another host: what the last one refused says nothing of it. What is open is closed without a word.
  void reset();

  /// nullopt: a request may leave now; with an outage it is the probe, and owes answered(), failed() or not_asked().
  /// Else how long to wait before asking again.
  std::optional<std::chrono::microseconds> ask(run_time now);
  /// An answer that tells nothing against the API as a whole.
  void answered(run_time now);
  /// trouble_in(why) told `what`. `at_most`: sooner than this it is tried again in any case (a limit that is spent is
  /// there again when its day begins).
  void failed(api_trouble what, const error& why, std::chrono::microseconds at_most, run_time now, double uniform);
  /// A request that left got no answer at all. true: so many in a row that it is the API, and not one request that is
  /// too large for it; failed() is owed then.
  bool fell_silent();
  /// Since the start, or since another key or host.
  [[nodiscard]] bool has_answered() const { return has_answered_; }
  /// The request was not made, or nobody waited for its answer.
  void not_asked() { probing_until_.reset(); }

  /// nullptr: closed, all is well.
  [[nodiscard]] const api_outage* outage() const { return outage_ ? &*outage_ : nullptr; }
  /// The API answers, and does not accept the key for data: a limit, or a bad key.
  [[nodiscard]] bool refuses_the_key() const { return outage_ && outage_->what != api_trouble::away; }
  /// To be told now, once each; ask after each verdict and every ten minutes.
  std::optional<breaker_news> news(run_time now);

 private:
  [[nodiscard]] std::chrono::microseconds next_wait(api_trouble what, const error& why, double uniform);

  breaker_settings settings_;
  std::optional<api_outage> outage_;
  std::optional<run_time> probing_until_;
  int attempts_ = 0;
  int unanswered_ = 0;  ///< requests in a row
  bool has_answered_ = false;
  std::optional<run_time> told_at_;
  std::optional<breaker_news> to_tell_;  ///< an end that nobody has asked for yet
};

}  // namespace oes
