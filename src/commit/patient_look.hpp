#pragma once
// A look at Kafka that shows less than is known to be there may have been answered by a broker that lags behind: it is
// taken again for a while before that is a loss (guarantee.md §3).
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <string>

#include "model/error.hpp"

namespace oes {

struct look_patience {
  std::chrono::milliseconds lag = std::chrono::seconds(30);  ///< until Kafka that shows less has lost it
  std::chrono::milliseconds pause = std::chrono::milliseconds(500);
};

/// What one look came to.
struct glimpse {
  enum class kind {
    whole,
    less,     ///< than is known to be there
    nothing,  ///< Kafka cannot be read just now
  } what = kind::whole;
  std::string why = {};
};

/// Calls `look` until it shows everything, waiting out what cannot be read. false: for as long as the patience it has
/// shown less. `told` hears each time why it goes on. Errors: those of `look` at once; stopped where it is cancelled.
boost::asio::awaitable<result<bool>> look_patiently(std::function<boost::asio::awaitable<result<glimpse>>()> look,
                                                    look_patience how, std::function<void(const error& why)> told);

}  // namespace oes
