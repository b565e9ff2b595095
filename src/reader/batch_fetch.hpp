#pragma once
// One question in several requests: credit → fetch → decode for facility series.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "facilities/facility_batches.hpp"
#include "fetch/source.hpp"
#include "groups/request_group.hpp"
#include "model/answer.hpp"
#include "model/error.hpp"
#include "model/facility.hpp"

namespace oes {

/// Takes a credit of those that are granted for all batches together, and asks.
using ask_once = std::function<boost::asio::awaitable<result<raw_answer>>(fetch_request)>;

/// The head of an answer that could not be understood.
using unusable_batch = std::function<void(const error& why, std::string_view head)>;

struct batch_question {
  const request_group& group;
  std::vector<std::string> metrics;
  time_window window;
  const facility_list& list;
  batch_list batches;
  ask_once ask;
  unusable_batch unusable;  ///< may be empty
  boost::asio::any_io_executor loop;
  bool is_read_once = true;  ///< nothing of the window is read again: a batch's 404 is asked about a second time
};

struct batch_answer {
  time_series_answer joined;
  std::size_t bytes = 0;  ///< of all bodies, as they were read
};

/// Every batch in turn, each understood before the next is asked: memory holds one answer and the numbers of the
/// others. A batch without rows (404) is an empty one as long as another has some. Any other failure is the whole
/// question's: nothing of it may be used.
boost::asio::awaitable<result<batch_answer>> ask_in_batches(batch_question question);

}  // namespace oes
