#pragma once
// The settings of our topics, looked at again now and then: somebody may have changed them.
#include <boost/asio/awaitable.hpp>

#include "app/parts.hpp"
#include "async/event.hpp"

namespace oes {

/// At once and then every hour, until the tap closes. A topic that would not do any more, or does not keep what is
/// promised of it, is trouble that is told until it does; what runs goes on.
boost::asio::awaitable<void> watch_topics(parts& all, event& tap);

}  // namespace oes
