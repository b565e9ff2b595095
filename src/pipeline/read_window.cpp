#include "pipeline/read_window.hpp"

#include <utility>

#include "async/clock.hpp"
#include "async/race.hpp"
#include "async/slices.hpp"
#include "decode/label_check.hpp"
#include "facilities/portions.hpp"
#include "model/fault_point.hpp"
#include "reader/portion_fetch.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

constexpr std::size_t sample_bytes = 4096;

// A fetch ends at once when the tap closes: nothing has been begun.
asio::awaitable<result<raw_answer>> fetch(const request_group& group, fetch_request request, corridor& c) {
  const auto began = steady_now();
  auto answer = c.from.fetch(std::move(request));
  auto stop = c.tap.wait();
  auto racing = race(std::move(answer), std::move(stop));
  auto first = co_await std::move(racing);
  if (first.index() == 1) {
    c.budget.api.not_asked();
    co_return error{errc::stopped, "stopped", {}, 0};
  }
  auto& arrived = std::get<0>(first);
  c.report.requested(group, arrived ? "ok" : name(arrived.error().code), steady_now() - began,
                     arrived ? arrived->body.size() : 0);
  note_answer(arrived, c);
  co_return std::move(arrived);
}

asio::awaitable<result<raw_answer>> take_credit_and_fetch(const request_group& group, fetch_request request,
                                                          const wanted_window& wanted, corridor& c) {
  auto taking = wanted.credit ? wanted.credit() : take_credit(c, wanted.purpose);
  auto credit = co_await std::move(taking);
  if (!credit) co_return credit.error();
  auto fetched = co_await fetch(group, std::move(request), c);
  co_return fetched;
}

asio::awaitable<result<window_answer>> read_whole(const request_group& group, wanted_window wanted, corridor& c) {
  fetch_request request{group.identity, wanted.metrics, wanted.window};
  fault_point("corridor.before-fetch");
  auto fetched = co_await take_credit_and_fetch(group, std::move(request), wanted, c);
  fault_point("corridor.fetched");
  if (!fetched) co_return fetched.error();
  window_answer out;
  taste(fetched->body);
  out.bytes = fetched->body.size();
  const bool sample = wanted.unusable == unusable_answer::kept_as_sample;
  const std::string head = sample ? fetched->body.substr(0, sample_bytes) : std::string();
  auto columns = wanted.metrics;
  auto parsing = understand(std::move(*fetched), group, std::move(columns), c.loop);
  auto answer = co_await std::move(parsing);
  if (!answer && sample) c.keep_sample(answer.error().context, head);
  if (!answer) co_return answer.error();
  out.answer = std::move(*answer);
  co_return std::move(out);
}

asio::awaitable<result<window_answer>> read_portions(const request_group& group, wanted_window wanted, corridor& c) {
  auto known = co_await c.facilities->wait(c.tap);
  if (!known) co_return known.error();
  const facility_list list = *c.facilities->list();  // a newer one may come meanwhile
  ask_once ask = [&group, &c, &wanted](fetch_request request) {
    return take_credit_and_fetch(group, std::move(request), wanted, c);
  };
  unusable_portion unusable;
  if (wanted.unusable == unusable_answer::kept_as_sample) {
    unusable = [&c](const error& why, std::string_view body) {
      c.keep_sample(why.context, body.substr(0, sample_bytes));
    };
  }
  portion_question asked{group, wanted.metrics, wanted.window, list, std::move(ask), std::move(unusable), c.loop};
  auto asking = ask_in_portions(std::move(asked));
  auto answer = co_await std::move(asking);
  if (!answer) co_return answer.error();
  co_return window_answer{std::move(answer->joined), answer->bytes, answer->requests, {}};
}

}  // namespace

asio::awaitable<result<void>> take_credit(corridor& c, spend_on purpose) {
  const auto answer = c.budget.spend(purpose, c.clock.look());
  c.report.credits(c.budget.outlook(c.clock.now()));
  if (!answer.leave_in) {
    co_return error{answer.code, answer.why, std::chrono::ceil<std::chrono::seconds>(answer.again_in), 0};
  }
  const bool stopped = co_await c.tap.wait_for(c.clock.real(*answer.leave_in));
  if (!stopped) co_return result<void>();
  c.budget.api.not_asked();
  co_return error{errc::stopped, "stopped", {}, 0};
}

void note_good_answer(corridor& c) {
  c.budget.answered(c.clock.look());
  c.report.api_heard(c.budget.api);
}

void note_failure(error& why, corridor& c) {
  c.budget.failed(why, c.clock.look(), c.uniform());
  c.report.api_heard(c.budget.api);
}

asio::awaitable<result<window_answer>> read_window(const request_group& group, wanted_window wanted, corridor& c) {
  const auto window = wanted.window;
  auto reading = asked_in_portions(group.identity) ? read_portions(group, std::move(wanted), c)
                                                   : read_whole(group, std::move(wanted), c);
  auto answer = co_await std::move(reading);
  if (!answer) co_return answer.error();
  const auto now = judged_at(answer->answer, group.identity.net, c.clock.now());
  const label_question question{group.identity, window, now};
  label_check checking(answer->answer, question);
  const auto check = [&checking](std::size_t points) { return checking.advance(points); };
  auto going = in_slices(c.loop, check);
  co_await std::move(going);
  const auto skipped = checking.take();
  if (!skipped) co_return skipped.error();
  c.report.skipped(group, *skipped);
  answer->asked = {window.start, window.end.value_or(first_ahead(group.identity, now))};
  co_return std::move(answer);
}

asio::awaitable<result<std::optional<std::chrono::seconds>>> longest_window(const request_group& group,
                                                                            network_time from, corridor& c) {
  if (!asked_in_portions(group.identity)) co_return std::optional<std::chrono::seconds>();
  auto known = co_await c.facilities->wait(c.tap);
  if (!known) co_return known.error();
  co_return std::optional(
      window_for_portions(group.identity, metrics_in(group), *c.facilities->list(), from, c.facilities->most_bytes()));
}

asio::awaitable<result<raw_answer>> fetch_window(const request_group& group, std::vector<std::string> metrics,
                                                 time_window window, corridor& c) {
  if (asked_in_portions(group.identity)) {
    co_return error{errc::refused, "facility series take several requests (read_window)", {}, 0};
  }
  fetch_request request{group.identity, std::move(metrics), window};
  auto fetched = co_await fetch(group, std::move(request), c);
  co_return std::move(fetched);
}

bool shrinks_window(const error& why) {
  constexpr int query_failed = 500;  // too much work for one query, too (api.md §7)
  switch (why.code) {
    case errc::malformed:
    case errc::too_large:
    case errc::timed_out:
      return true;
    case errc::server_error:
      return why.http_status == query_failed;
    default:
      return false;
  }
}

}  // namespace oes
