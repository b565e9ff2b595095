#include "pipeline/choose_changes.hpp"

#include <utility>

#include "async/slices.hpp"

namespace oes {

namespace asio = boost::asio;

asio::awaitable<selection> choose_changes(const time_series_answer& answer, std::size_t block, const ledger& published,
                                          selection_question question, asio::any_io_executor loop) {
  change_selection choosing(answer, block, published, question);
  const auto work = [&choosing](std::size_t points) { return choosing.advance(points); };
  auto going = in_slices(std::move(loop), work);
  co_await std::move(going);
  co_return choosing.take();
}

}  // namespace oes
