#include "async/run_loop.hpp"

#include <boost/asio/co_spawn.hpp>

#include "async/last_words.hpp"

namespace oes {

void run_to_end(boost::asio::io_context& loop, std::string_view who, boost::asio::awaitable<void> work) {
  boost::asio::co_spawn(loop, std::move(work), [who](const std::exception_ptr& thrown) {
    if (thrown) end_process(who, thrown);
  });
  loop.run();
}

}  // namespace oes
