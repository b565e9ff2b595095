#pragma once
// What the plan of the API key allows: as configured, else as the API says, else the least.
#include <boost/asio/awaitable.hpp>

#include "app/parts.hpp"
#include "model/plan_limits.hpp"

namespace oes {

boost::asio::awaitable<plan_limits> learn_limits(parts& all);

}  // namespace oes
