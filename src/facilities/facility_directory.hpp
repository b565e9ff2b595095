#pragma once
// The newest list of facilities, shared: one coroutine keeps it, request groups of facility series ask by it. Loop
// thread only.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "async/event.hpp"
#include "model/error.hpp"
#include "model/facility.hpp"
#include "model/moment.hpp"

namespace oes {

class facility_directory {
  using unit_code_pair = std::pair<std::string, std::string>;  ///< facility and unit

 public:
  /// `most_bytes`: what the answers of one cycle may take (facility_batches.hpp).
  facility_directory(const boost::asio::any_io_executor& loop, std::size_t most_bytes)
      : most_bytes_(most_bytes), known_(loop) {}

  /// Units that it has no longer are asked for a week more: the API may leave out what it has, and their points would
  /// become older than what is read again before they are listed anew. Who is asked for in vain costs a place in a
  /// batch.
  void learn(facility_list list, run_time at = {});
  /// Another instance may have led, and read a newer list, since this one was learnt.
  void begin_term() { of_this_term_ = false; }
  /// Learnt under this leadership.
  [[nodiscard]] bool is_of_this_term() const { return of_this_term_; }
  void note_failure(error why) { why_not_ = std::move(why); }
  /// By which is asked: the newest list, and what it has left out lately. nullptr: not known yet.
  [[nodiscard]] const facility_list* list() const { return list_ ? &*list_ : nullptr; }
  /// As the API told it last; nullptr likewise.
  [[nodiscard]] const facility_list* as_told() const { return told_ ? &*told_ : nullptr; }
  /// When it was learnt.
  [[nodiscard]] run_time learnt_at() const { return learnt_at_; }
  [[nodiscard]] std::size_t most_bytes() const { return most_bytes_; }
  /// Returns when the list is known (at once where it is), when `tap` is set, or after a while. Errors: stopped; else
  /// why there is no list yet.
  boost::asio::awaitable<result<void>> wait(event& tap);

 private:
  std::size_t most_bytes_;
  std::optional<facility_list> told_;
  std::optional<facility_list> list_;
  std::map<unit_code_pair, run_time> left_out_since_;  ///< of units of `list_` that `told_` has not
  run_time learnt_at_{};
  bool of_this_term_ = false;
  error why_not_{errc::network_error, "it is being asked for"};
  event known_;
};

}  // namespace oes
