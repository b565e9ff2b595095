#pragma once
// How whoever asks the API waits between two requests.
#include "pipeline/corridor.hpp"

namespace oes {

enum class woken {
  in_time,
  eased,    ///< more may be asked than was known when the wait began
  stopped,  ///< the tap is closed
};

/// Waits so long in real time, or until one of the others comes.
boost::asio::awaitable<woken> wait_in_turn(corridor& c, steady_span patience);

}  // namespace oes
