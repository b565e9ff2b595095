#include "commands/read_kafka.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "app/parts.hpp"
#include "progress/kafka_progress.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;

using found = result<std::optional<stored_progress>>;

asio::awaitable<found> load_within(progress_store& store, std::chrono::seconds patience) {
  const auto executor = co_await asio::this_coro::executor;
  asio::steady_timer limit(executor, patience);
  auto loading = store.load();
  auto late = limit.async_wait(asio::as_tuple(asio::use_awaitable));
  auto first = co_await (std::move(loading) || std::move(late));
  if (first.index() == 0) co_return std::move(std::get<0>(first));
  co_return error{errc::kafka_unavailable,
                  "the progress topic could not be read within " + std::to_string(patience.count()) + " s",
                  {},
                  0};
}

}  // namespace

result<std::optional<stored_progress>> read_kafka(const configuration& config, std::chrono::seconds patience) {
  auto telemetry = config.telemetry;
  telemetry.log_level = "warn";
  logger log(telemetry);
  asio::thread_pool blocking(1);
  asio::io_context loop(1);
  const auto store = make_kafka_progress_store(progress_settings_of(config), blocking.get_executor(), log);
  std::optional<found> answer;
  auto work = load_within(*store, patience);
  asio::co_spawn(loop, std::move(work), [&](const std::exception_ptr& thrown, found got) {
    if (thrown) std::rethrow_exception(thrown);
    answer.emplace(std::move(got));
  });
  loop.run();
  blocking.join();
  return std::move(*answer);
}

}  // namespace oes
