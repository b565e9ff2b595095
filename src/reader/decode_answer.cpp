#include "reader/decode_answer.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "decode/decode.hpp"
#include "records/widen.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

// About 3 ms of parsing.
constexpr std::size_t tokens_per_slice = 60'000;
// Intervals of wide records: as long.
constexpr std::size_t steps_per_slice = 10'000;

}  // namespace

asio::awaitable<result<time_series_answer>> decode_answer(raw_answer answer, const request_group& group,
                                                          std::vector<std::string> metrics,
                                                          asio::any_io_executor loop) {
  decoder parsing(std::move(answer),
                  expected_answer{group.identity.net, group.identity.interval, metrics, labels_of(group.identity)});
  while (true) {
    auto finished = parsing.advance(tokens_per_slice);
    if (!finished) co_return finished.error();
    if (*finished) break;
    co_await asio::post(loop, asio::use_awaitable);
  }
  if (group.identity.shape == record_shape::long_form) co_return parsing.take();
  widener joining(parsing.take(), metrics);
  while (!joining.advance(steps_per_slice)) co_await asio::post(loop, asio::use_awaitable);
  co_return joining.take();
}

asio::awaitable<result<facility_list>> decode_facility_list(std::string body) {
  const auto loop = co_await asio::this_coro::executor;
  facility_decoder parsing(std::move(body));
  while (true) {
    const auto finished = parsing.advance(tokens_per_slice);
    if (!finished) co_return finished.error();
    if (*finished) break;
    co_await asio::post(loop, asio::use_awaitable);
  }
  co_return parsing.take();
}

}  // namespace oes
