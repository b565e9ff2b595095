#include "pipeline/read_window.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <utility>

namespace oes {
namespace {

namespace asio = boost::asio;

// What the answer says of the key. A limit that is spent concerns every group of the key.
void note_key(result<raw_answer>& arrived, corridor& c) {
  if (arrived) return c.budget.credits.answered();
  auto why = arrived.error();
  if (why.code == errc::not_yet) return c.budget.credits.answered();
  if (why.code != errc::limit_reached) return;
  const auto now = c.clock.now();
  why.retry_after = std::chrono::ceil<std::chrono::seconds>(c.budget.credits.refused(now, c.uniform()) - now);
  arrived = std::move(why);
}

}  // namespace

asio::awaitable<result<void>> take_credit(corridor& c, spend_on purpose) {
  const auto now = c.clock.now();
  const auto answer = c.budget.spend(purpose, now);
  c.report.credits(c.budget.credits.used_today(now), c.budget.credits.per_day());
  if (!answer.leave) {
    const auto wait = std::chrono::ceil<std::chrono::seconds>(answer.ask_again - now);
    co_return error{errc::rate_limited, std::string(answer.why), wait, 0};
  }
  const bool stopped = co_await c.tap.wait_for(c.clock.real(*answer.leave - now));
  if (stopped) co_return error{errc::stopped, "stopped", {}, 0};
  co_return result<void>();
}

asio::awaitable<result<raw_answer>> fetch_window(const request_group& group, std::vector<std::string> metrics,
                                                 time_window window, corridor& c) {
  using namespace asio::experimental::awaitable_operators;
  fetch_request request{group.identity, std::move(metrics), window};
  const auto began = std::chrono::steady_clock::now();
  auto answer = c.from.fetch(std::move(request));
  auto stop = c.tap.wait();
  auto first = co_await (std::move(answer) || std::move(stop));
  if (first.index() == 1) co_return error{errc::stopped, "stopped", {}, 0};
  auto& arrived = std::get<0>(first);
  c.report.requested(group, arrived ? "ok" : name(arrived.error().code), std::chrono::steady_clock::now() - began,
                     arrived ? arrived->body.size() : 0);
  note_key(arrived, c);
  co_return std::move(arrived);
}

bool shrinks_window(errc code) {
  return code == errc::malformed || code == errc::too_large || code == errc::server_error || code == errc::timed_out;
}

}  // namespace oes
