#pragma once
// The newest list of facilities, shared: one coroutine keeps it, request groups of facility series ask by it. Loop
// thread only.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <optional>

#include "async/event.hpp"
#include "model/error.hpp"
#include "model/facility.hpp"
#include "model/moment.hpp"

namespace oes {

class facility_directory {
 public:
  /// `most_bytes`: what the answers of one cycle may take (batches.hpp).
  facility_directory(const boost::asio::any_io_executor& loop, std::size_t most_bytes)
      : most_bytes_(most_bytes), known_(loop) {}

  void learn(facility_list list, run_time at = {});
  void note_failure(error why) { why_not_ = std::move(why); }
  /// nullptr: not known yet.
  [[nodiscard]] const facility_list* list() const { return list_ ? &*list_ : nullptr; }
  /// When it was learnt.
  [[nodiscard]] run_time learnt_at() const { return learnt_at_; }
  [[nodiscard]] std::size_t most_bytes() const { return most_bytes_; }
  /// Returns when the list is known (at once where it is), when `tap` is set, or after a while. Errors: stopped; else
  /// why there is no list yet.
  boost::asio::awaitable<result<void>> wait(event& tap);

 private:
  std::size_t most_bytes_;
  std::optional<facility_list> list_;
  run_time learnt_at_{};
  error why_not_{errc::network_error, "it is being asked for"};
  event known_;
};

}  // namespace oes
