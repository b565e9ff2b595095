#include "app/endpoints.hpp"

#include <chrono>
#include <string>

#include "app/answer_job.hpp"
#include "async/race.hpp"
#include "operate/control_server.hpp"
#include "telemetry/http_server.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

// How often a port that is taken, or a folder that takes no socket, is tried again.
constexpr auto try_again = std::chrono::seconds(5);

}  // namespace

asio::awaitable<void> serve_status(parts& all, config_reload& config, event& finished) {
  const std::string subject = "the HTTP endpoint";
  auto status = [&all]() -> const daemon_status& {
    all.telling.board.now = all.clock.now();
    return all.telling.board;
  };
  while (!finished.is_set()) {
    config.http_changed().clear();
    const auto settings = all.config.telemetry;
    if (settings.http_enabled) {
      auto serving = serve_http(settings, all.telling.numbers, status, all.telling.log,
                                [&all, subject](std::uint16_t) { all.telling.report.lesser(subject, nullptr); });
      auto changing = config.http_changed().wait();
      auto over = finished.wait();
      auto racing = race(std::move(serving), std::move(changing), std::move(over));
      auto first = co_await std::move(racing);
      if (first.index() != 0) continue;
      const auto served = std::get<0>(first);
      if (served) co_return;
      const error why = served.error();
      all.telling.report.lesser(subject, &why);
    } else {
      all.telling.report.lesser(subject, nullptr);
    }
    auto changing = config.http_changed().wait_for(try_again);
    auto over = finished.wait();
    auto racing = race(std::move(changing), std::move(over));
    auto first = co_await std::move(racing);
    static_cast<void>(first);
  }
}

asio::awaitable<void> serve_operators(parts& all, request_queue& requests, config_reload& config, event& finished) {
  job_handler handle =
      [desk = job_desk{all.config, all.instance, all.clock, all.telling.board, *all.kafka.store, requests, config}](
          job asked, std::shared_ptr<job_wire> wire) { return answer_job(desk, std::move(asked), std::move(wire)); };
  const std::string subject = "the control socket (no jobs can be taken)";
  while (!finished.is_set()) {
    auto serving = serve_jobs(all.config.progress_path, handle, all.telling.log,
                              [&all, subject] { all.telling.report.lesser(subject, nullptr); });
    auto over = finished.wait();
    auto racing = race(std::move(serving), std::move(over));
    auto first = co_await std::move(racing);
    if (first.index() == 1) co_return;
    const auto& served = std::get<0>(first);
    if (served) co_return;
    const error why = served.error();
    all.telling.report.lesser(subject, &why);
    co_await finished.wait_for(try_again);
  }
}

}  // namespace oes
