#include "app/learn_limits.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>

namespace oes {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;

asio::awaitable<plan_limits> learn_limits(parts& all) {
  auto plan = all.config.budget.plan;
  if (plan == "auto") {
    plan.clear();
    if (!all.config.fetch.api_key.empty()) {
      auto asking = all.from->fetch_account();
      auto stopping = all.stop.wait();
      auto first = co_await (std::move(asking) || std::move(stopping));
      if (first.index() == 0 && std::get<0>(first)) plan = std::get<0>(first)->plan;
    }
    if (plan.empty()) all.log.warn("the plan of the API key is not known; keeping to COMMUNITY limits");
  }
  const auto limits = limits_of(plan);
  all.board.plan = std::string(limits.plan);
  co_return limits;
}

}  // namespace oes
