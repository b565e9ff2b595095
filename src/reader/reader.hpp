#pragma once
// From a question to an answer that may be believed: credit → fetch → decode → labels that cannot be true are left out.
// Everybody who asks the API for data asks through it. It knows nothing of Kafka.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "async/clock.hpp"
#include "async/event.hpp"
#include "facilities/facility_directory.hpp"
#include "fetch/source.hpp"
#include "groups/request_group.hpp"
#include "model/answer.hpp"
#include "report/reporter.hpp"
#include "schedule/credit_grant.hpp"

namespace oes {

enum class woken {
  in_time,
  eased,    ///< more may be asked than was known when the wait began
  stopped,  ///< the tap is closed
};

enum class unusable_answer { dropped, kept_as_sample };

struct wanted_window {
  std::vector<std::string> metrics;
  time_window window;
  spend_on purpose = spend_on::live;
  unusable_answer unusable = unusable_answer::dropped;
  bool is_read_once = true;  ///< later polls do not read the window again
};

struct window_answer {
  time_series_answer answer;
  std::size_t bytes = 0;  ///< as it was read
  time_range asked{};     ///< the window in labels; a live query ends where its answer can
  /// Metrics of which labels that were asked for were left out, since by the answer's own time they lie ahead.
  std::vector<std::string> doubted = {};
};

struct window_read {
  result<window_answer> answer;
  std::size_t requests = 0;  ///< that left, whatever became of them; facility series take several
};

/// What a reader works with; whatever is borrowed here outlives it.
struct reader_parts {
  boost::asio::any_io_executor loop;
  oes::source& source;
  rationing& budget;
  const time_source& clock;
  reporter& report;
  event& tap;                       ///< set: ask nothing more; the groups pause or end
  std::function<double()> uniform;  ///< random numbers in [0, 1)
  /// Keeps a sample of an answer that stayed unusable (guarantee.md §5).
  std::function<void(const std::string& why, std::string_view body)> keep_sample;
  facility_directory* facilities = nullptr;  ///< set where there are facility series
  event* eased = nullptr;  ///< set and cleared when more may be asked than was known (rationing::when_eased)
};

/// One per opening of the groups, of which a term has several; shared by all who ask.
class reader {
 public:
  explicit reader(reader_parts parts) : parts_(std::move(parts)) {}

  /// Data of a group. Ends at once when the tap closes (stopped): nothing has been begun. Facility series are asked in
  /// batches, for which the list of facilities is waited for, and all of which are granted before the first leaves.
  /// Errors: stopped, rate_limited (no credit is to be had now; says when to ask again), and all of source::fetch() and
  /// the decoder.
  boost::asio::awaitable<window_read> read(const request_group& group, wanted_window wanted);

  /// The list of facilities. Errors likewise.
  boost::asio::awaitable<result<facility_list>> read_facilities();

  /// Facility series: waits until the list of facilities is known, then the longest window whose answers stay below
  /// `api.max_body`. nullopt for all others.
  boost::asio::awaitable<result<std::optional<std::chrono::seconds>>> longest_window(const request_group& group,
                                                                                     network_time begin);

  /// Between two requests: waits so long in real time, or until something else comes.
  boost::asio::awaitable<woken> wait(steady_span patience);

 private:
  // What has been granted for a window, and how many of its requests have left.
  struct window_credits {
    credit_grant granted;
    std::size_t& sent;
  };

  boost::asio::awaitable<result<void>> take_credit(credit_grant& granted);
  boost::asio::awaitable<result<raw_answer>> ask(const request_group& group, fetch_request request,
                                                 window_credits& credits);
  boost::asio::awaitable<result<window_answer>> read_whole(const request_group& group, wanted_window wanted,
                                                           std::size_t& sent);
  boost::asio::awaitable<result<window_answer>> read_in_batches(const request_group& group, wanted_window wanted,
                                                                std::size_t& sent);
  boost::asio::awaitable<result<window_answer>> believed(const request_group& group, time_window window,
                                                         window_answer answer);
  template <class T>
  boost::asio::awaitable<result<T>> until_tap_closes(boost::asio::awaitable<result<T>> asking, spend_on purpose);
  template <class T>
  void note_answer(result<T>& arrived, spend_on purpose);

  reader_parts parts_;
};

/// Failures that a smaller window may not have: an unusable answer, a query that failed or took too long. What ails the
/// whole API (no connection, maintenance, a proxy, a key that is refused) is no fault of the window.
bool shrinks_window(const error& why);

}  // namespace oes
