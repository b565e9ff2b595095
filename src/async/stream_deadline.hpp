#pragma once
// Until when what a stream of Beast's does (reads, writes, connects) may take: a timer of its own ends it, with
// beast::error::timeout.
#include "async/clock.hpp"

namespace oes {

template <typename Stream>
void end_by(Stream& stream, steady_time deadline) {
  stream.expires_at(deadline);
}

}  // namespace oes
