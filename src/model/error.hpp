#pragma once
// Expected failures as values: one list of codes for the whole program, and what was known when it
// happened.
#include <boost/system/result.hpp>
#include <chrono>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace oes {

enum class errc {
  // fetch: what an answer of the API means (api.md §8)
  not_yet,            ///< 404: no rows in this range yet; hold, never advance, never a failure
  limit_reached,      ///< 401/403 with a key that has worked before: credits or rate spent; back off for minutes
  bad_key,            ///< 401/403 with a key that never worked: say so, probe hourly
  rejected,           ///< 400/422/unknown route: this stream's request is wrong; stop it with the server's reason
  rate_limited,       ///< 429: wait `error::retry_after`
  server_error,       ///< 5xx, HTML from a proxy
  unreachable,        ///< resolve, connect, TLS (also not in time): nothing was asked
  network_error,      ///< reset, truncated body: it may have been asked; or no connection became free in time
  timed_out,          ///< connected, and the first byte or the whole did not come in time
  malformed,          ///< an answer that is not what the API documents; nothing of it may be used
  unexpected_labels,  ///< most labels of an answer cannot be true: the contract has changed; stop that stream, say so
  too_large,          ///< header or body (compressed or inflated) over its cap
  // publish
  fenced,         ///< this process leads no more; what became of a transaction the progress topic tells
  not_committed,  ///< the transaction is known not to be committed; give every batch back
  not_begun,  ///< nothing of the transaction was sent, since the producer is new: Kafka is compared first, then it may
              ///< go
  outcome_unknown,  ///< only reading the progress topic to its end can tell (guarantee.md §4)
  kafka_unavailable,
  kafka_refused,  ///< a topic, right or setting is wrong; an operator has to act. Of a transaction: not committed
  // progress
  damaged,  ///< a file or record that fails its hash or does not parse
  refused,  ///< going on could lose or repeat records; the context names the ways out
  locked,   ///< another process holds the lock file
  io_error,
  // everything else
  bad_config,
  stopped,  ///< a deliberate stop, never a failure
};

/// Short lower-case name of a code, as used in logs and metrics labels.
std::string_view name(errc code);

/// A failure: the code decides what happens next, the context is one line for a person.
struct error {
  errc code{};
  std::string context;
  /// How long to wait before asking again, where the server or the budget said so.
  std::optional<std::chrono::seconds> retry_after = {};
  /// HTTP status where an answer arrived, else 0.
  int http_status = 0;
  /// Of kafka_refused and too_large: the topic that refuses it; empty: not known, or no topic in particular.
  std::string topic = {};
};

template <class T>
using result = boost::system::result<T, error>;

/// Thrown by result<T>::value() on an error, for start-up code that cannot go on.
class failure : public std::runtime_error {
 public:
  explicit failure(error e) : std::runtime_error(e.context), error_(std::move(e)) {}
  [[nodiscard]] const error& what_failed() const { return error_; }

 private:
  error error_;
};

// Found by boost::system::result through argument-dependent lookup.
[[noreturn]] void throw_exception_from_error(const error& e, const boost::source_location& where);

}  // namespace oes
