#pragma once
// One question and its answer on the way through faults, the API, the served log and compression.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "simulator/api.hpp"
#include "simulator/faults.hpp"
#include "simulator/served_log.hpp"

namespace oes::sim {

/// An answer ready for the wire, and what to do to it there.
struct outgoing {
  std::string head;                         ///< status line and headers, with the empty line
  std::shared_ptr<const std::string> body;  ///< never null
  std::size_t send = 0;                     ///< bytes of the body to send; fewer than it has: cut
  bool close = false;
  bool silent = false;                ///< close without a byte
  std::chrono::milliseconds drip{0};  ///< total time to spread the body over
  std::uint64_t served_number = 0;    ///< 0: not in the served log
};

struct incoming {
  question asked;
  std::string body;
  bool accepts_gzip = false;
  bool keep_alive = true;
};

class exchange_desk {
 public:
  exchange_desk(api& what, fault_desk& faults, served_log& served, boost::asio::thread_pool& pool, bool gzip)
      : api_(what), faults_(faults), served_(served), pool_(pool), gzip_(gzip) {}

  boost::asio::awaitable<outgoing> answer(incoming request);
  void sent(const outgoing& answer) {
    if (answer.served_number > 0) served_.sent(answer.served_number);
  }

 private:
  static boost::asio::awaitable<void> wait(std::chrono::seconds how_long);
  boost::asio::awaitable<reply> reply_to(const incoming& request, std::optional<fault> broken);
  boost::asio::awaitable<reply> ask_api(question asked, std::optional<fault> broken);
  boost::asio::awaitable<reply> ask_control(const incoming& request);
  boost::asio::awaitable<outgoing> pack(const incoming& request, reply r, std::optional<fault> broken);

  api& api_;
  fault_desk& faults_;
  served_log& served_;
  boost::asio::thread_pool& pool_;
  bool gzip_;
};

}  // namespace oes::sim
