#include "commands/read_kafka.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "app/topic_access.hpp"
#include "async/race.hpp"
#include "async/run_loop.hpp"
#include "async/timer.hpp"
#include "progress/kafka_progress.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

using found = result<std::optional<stored_progress>>;

asio::awaitable<found> load_within(progress_store& store, std::chrono::seconds patience) {
  auto loading = store.load();
  auto late = pause_for(patience);
  auto racing = race(std::move(loading), std::move(late));
  auto first = co_await std::move(racing);
  if (first.index() == 0) {
    auto& loaded = std::get<0>(first);
    if (!loaded) co_return loaded.error();
    co_return std::move(loaded->found);
  }
  co_return error{errc::kafka_unavailable,
                  "the progress topic could not be read within " + std::to_string(patience.count()) + " s"};
}

}  // namespace

result<std::optional<stored_progress>> read_kafka(const configuration& config, std::chrono::seconds patience) {
  auto telemetry = config.telemetry;
  telemetry.log_level = "warn";
  logger log(telemetry);
  asio::thread_pool blocking(1);
  asio::io_context loop(1);
  const auto store = make_kafka_progress_store(progress_settings_of(config), blocking.get_executor(), log);
  auto answer = run_to_end(loop, "reading progress", load_within(*store, patience));
  blocking.join();
  return answer;
}

}  // namespace oes
