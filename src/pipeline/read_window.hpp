#pragma once
// The first half of the walk: a window of the API → its answer, to be understood next.
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "pipeline/corridor.hpp"
#include "reader/understand.hpp"

namespace oes {

/// Waits for a credit and its turn. Errors: stopped, rate_limited (none is to be had now; says when to ask again).
boost::asio::awaitable<result<void>> take_credit(corridor& c, spend_on purpose);

/// What concerns every request (the API is away, the key is refused) opens or closes the breaker; how long nobody asks
/// is put into the error. Every request whose credit was taken owes this.
void note_good_answer(corridor& c);
void note_failure(error& why, corridor& c);

template <class T>
void note_answer(result<T>& arrived, corridor& c) {
  if (arrived) return note_good_answer(c);
  auto why = arrived.error();
  note_failure(why, c);
  arrived = std::move(why);
}

enum class unusable_answer { dropped, kept_as_sample };

struct wanted_window {
  std::vector<std::string> metrics;
  time_window window;
  spend_on purpose = spend_on::live;
  unusable_answer unusable = unusable_answer::dropped;
  /// Takes the credit of each request in another way than take_credit(c, purpose); empty: that way.
  std::function<boost::asio::awaitable<result<void>>()> credit = {};
};

struct window_answer {
  time_series_answer answer;
  std::size_t bytes = 0;     ///< as it was read
  std::size_t requests = 1;  ///< facility series take several
  time_range asked{};        ///< the window in labels; a live query ends where its answer can
};

/// credit → fetch → understand → labels that cannot be true are left out, and told. Fetching ends at once when the tap
/// closes (stopped): nothing has been begun. Facility series are asked in portions (portion_fetch.hpp), for which the
/// list of facilities is waited for.
boost::asio::awaitable<result<window_answer>> read_window(const request_group& group, wanted_window wanted,
                                                          corridor& c);

/// One request as it is, whose credit was taken; for callers that understand the answer themselves. Facility series
/// take several: refused, use read_window().
boost::asio::awaitable<result<raw_answer>> fetch_window(const request_group& group, std::vector<std::string> metrics,
                                                        time_window window, corridor& c);

/// Facility series: the longest window that suits the list of facilities, which is waited for; nullopt for all others.
boost::asio::awaitable<result<std::optional<std::chrono::seconds>>> longest_window(const request_group& group,
                                                                                   network_time from, corridor& c);

/// Failures that a smaller window may not have: an unusable answer, a query that failed or took too long. What ails the
/// whole API (no connection, maintenance, a proxy, a key that is refused) is no fault of the window.
bool shrinks_window(const error& why);

}  // namespace oes
