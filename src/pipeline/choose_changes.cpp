#include "pipeline/choose_changes.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace oes {

namespace asio = boost::asio;

asio::awaitable<selection> choose_changes(const time_series_answer& answer, std::size_t block, const ledger& published,
                                          selection_question question, asio::any_io_executor loop) {
  constexpr std::size_t points_per_slice = 50'000;  // about 3 ms
  change_selection choosing(answer, block, published, question);
  while (!choosing.advance(points_per_slice)) co_await asio::post(loop, asio::use_awaitable);
  co_return choosing.take();
}

}  // namespace oes
