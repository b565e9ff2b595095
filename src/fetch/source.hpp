#pragma once
// PORT: where time series come from.
#include <boost/asio/awaitable.hpp>

#include "model/account.hpp"
#include "model/answer.hpp"
#include "model/error.hpp"
#include "model/facility.hpp"
#include "model/request.hpp"

namespace oes {

class source {
 public:
  virtual ~source() = default;
  /// One request, one whole answer. Errors: the fetch codes of errc; errc::stopped when cancelled.
  virtual boost::asio::awaitable<result<raw_answer>> fetch(fetch_request request) = 0;
  /// GET /me, parsed leniently.
  virtual boost::asio::awaitable<result<account>> fetch_account() = 0;
  /// GET /facilities/, all networks.
  virtual boost::asio::awaitable<result<facility_list>> fetch_facilities() = 0;
};

}  // namespace oes
