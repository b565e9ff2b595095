#include "simulation/api/simulated_source.hpp"

#include <array>
#include <utility>

#include "async/timer.hpp"

namespace oes::simulation {
namespace {

namespace asio = boost::asio;

constexpr std::array<errc, 4> ways_to_fail{errc::server_error, errc::unreachable, errc::network_error, errc::timed_out};

class simulated_source final : public source {
 public:
  simulated_source(simulated_api& api, time_source& clock) : api_(api), clock_(clock) {}

  asio::awaitable<result<raw_answer>> fetch(fetch_request request) override {
    const auto sent = clock_.run();
    auto waiting = pause_for(some_while());
    const bool waited = co_await std::move(waiting);
    if (!waited) co_return error{errc::stopped, "stopped"};
    ++api_.requests;
    if (auto failed = fails()) co_return *failed;
    const auto now = api_.now();
    auto body = api_.what.answer(request, now);
    auto coming = pause_for(some_while());
    const bool came = co_await std::move(coming);
    if (!came) co_return error{errc::stopped, "stopped"};
    const auto said = std::chrono::floor<std::chrono::seconds>(now);
    clock_.see({said, sent, clock_.run()});
    if (!body) co_return body.error();
    co_return raw_answer{std::move(*body), clock_.now(), said};
  }

  asio::awaitable<result<account>> fetch_account() override {
    account told;
    told.plan = "ENTERPRISE";
    co_return told;
  }

  asio::awaitable<result<facility_list>> fetch_facilities() override {
    co_return error{errc::server_error, "no list of facilities in this world", {}, 500};
  }

 private:
  [[nodiscard]] std::chrono::milliseconds some_while() const {
    return std::chrono::milliseconds(5 + api_.draw() % 120);
  }
  [[nodiscard]] std::optional<error> fails() const {
    const auto drawn = api_.draw();
    if (!api_.faults.away && static_cast<int>(drawn % 1000) >= api_.faults.failing) return std::nullopt;
    return error{ways_to_fail[drawn / 1000 % ways_to_fail.size()], "the API fails in this world", {}, 0};
  }

  simulated_api& api_;
  time_source& clock_;
};

}  // namespace

std::unique_ptr<source> make_simulated_source(simulated_api& api, time_source& clock) {
  return std::make_unique<simulated_source>(api, clock);
}

}  // namespace oes::simulation
