#include "reader/reader.hpp"

#include <utility>

#include "async/race.hpp"
#include "async/slices.hpp"
#include "decode/label_check.hpp"
#include "facilities/facility_batches.hpp"
#include "model/fault_point.hpp"
#include "reader/batch_fetch.hpp"
#include "reader/decode_answer.hpp"

namespace oes {

namespace asio = boost::asio;

namespace {

constexpr std::size_t sample_bytes = 4096;

error stopped() { return {errc::stopped, "stopped"}; }

}  // namespace

asio::awaitable<window_read> reader::read(const request_group& group, wanted_window wanted) {
  const auto window = wanted.window;
  std::size_t sent = 0;
  auto reading = asked_in_batches(group.identity) ? read_in_batches(group, std::move(wanted), sent)
                                                  : read_whole(group, std::move(wanted), sent);
  auto answer = co_await std::move(reading);
  if (!answer) co_return window_read{answer.error(), sent};
  auto checking = believed(group, window, std::move(*answer));
  auto checked = co_await std::move(checking);
  co_return window_read{std::move(checked), sent};
}

// Labels that cannot be true are left out.
asio::awaitable<result<window_answer>> reader::believed(const request_group& group, time_window window,
                                                        window_answer answer) {
  const auto now = judged_at(answer.answer, group.identity.net, parts_.clock.now());
  const label_question question{group.identity, window, now};
  label_check checking(answer.answer, question);
  const auto check = [&checking](std::size_t points) { return checking.advance(points); };
  auto going = in_slices(parts_.loop, check);
  co_await std::move(going);
  const auto skipped = checking.take();
  if (!skipped) co_return skipped.error();
  answer.asked = {window.start, window.end.value_or(first_ahead(group.identity, now))};
  parts_.report.skipped(group, *skipped);
  for (const auto& one : *skipped) {
    if (one.doubted) answer.doubted.push_back(one.metric);
  }
  parts_.report.answered(group, answer.answer);
  co_return std::move(answer);
}

asio::awaitable<result<facility_list>> reader::read_facilities() {
  const auto purpose = spend_on::catch_up;
  credit_grant granted(parts_.budget, purpose, 1);
  auto credit = co_await take_credit(granted);
  if (!credit) co_return credit.error();
  const auto began = steady_now();
  auto asking = until_tap_closes(parts_.source.fetch_facilities(), purpose);
  auto list = co_await std::move(asking);
  const error why = list ? error{} : list.error();
  if (why.code != errc::stopped) {
    parts_.report.requested(dataset(endpoint::facilities), list ? nullptr : &why, steady_now() - began, 0);
  }
  co_return std::move(list);
}

asio::awaitable<result<std::optional<std::chrono::seconds>>> reader::longest_window(const request_group& group,
                                                                                    network_time begin) {
  if (!asked_in_batches(group.identity)) co_return std::optional<std::chrono::seconds>();
  auto known = co_await parts_.facilities->wait(parts_.tap);
  if (!known) co_return known.error();
  co_return std::optional(window_for_batches(group.identity, metrics_in(group), *parts_.facilities->list(), begin,
                                             parts_.facilities->most_bytes()));
}

asio::awaitable<woken> reader::wait(steady_span patience) {
  if (parts_.eased == nullptr) {
    const bool closed = co_await parts_.tap.wait_for(patience);
    co_return closed ? woken::stopped : woken::in_time;
  }
  auto closing = parts_.tap.wait_for(patience);
  auto easing = parts_.eased->wait();
  auto racing = race(std::move(closing), std::move(easing));
  auto first = co_await std::move(racing);
  if (parts_.tap.is_set()) co_return woken::stopped;
  co_return first.index() == 1 ? woken::eased : woken::in_time;
}

// Where it gives a credit, the request's outcome is owed to the budget: note_answer(), or not_asked().
asio::awaitable<result<void>> reader::take_credit(credit_grant& granted) {
  const auto answer = granted.next(parts_.clock.look());
  parts_.report.credits(answer.outlook);
  if (!answer.leave_in) {
    co_return error{answer.code, answer.why, std::chrono::ceil<std::chrono::seconds>(answer.again_in), 0};
  }
  const bool closed = co_await parts_.tap.wait_for(parts_.clock.real(*answer.leave_in));
  if (!closed) co_return result<void>();
  parts_.budget.api.not_asked();
  co_return stopped();
}

// A request ends at once when the tap closes: nothing has been begun.
template <class T>
asio::awaitable<result<T>> reader::until_tap_closes(asio::awaitable<result<T>> asking, spend_on purpose) {
  auto closing = parts_.tap.wait();
  auto racing = race(std::move(asking), std::move(closing));
  auto first = co_await std::move(racing);
  if (first.index() == 1) {
    parts_.budget.api.not_asked();
    co_return stopped();
  }
  auto& arrived = std::get<0>(first);
  note_answer(arrived, purpose);
  co_return std::move(arrived);
}

// What concerns every request (the API is away, the key is refused) opens or closes the breaker; how long nobody asks
// is put into the error.
template <class T>
void reader::note_answer(result<T>& arrived, spend_on purpose) {
  if (arrived) {
    parts_.budget.answered(parts_.clock.look());
  } else {
    auto why = arrived.error();
    parts_.budget.failed(why, purpose, parts_.clock.look(), parts_.uniform());
    arrived = std::move(why);
  }
  parts_.report.api_heard(parts_.budget.api);
}

asio::awaitable<result<raw_answer>> reader::ask(const request_group& group, fetch_request request,
                                                window_credits& credits) {
  auto credit = co_await take_credit(credits.granted);
  if (!credit) co_return credit.error();
  ++credits.sent;
  const auto began = steady_now();
  auto asking = until_tap_closes(parts_.source.fetch(std::move(request)), credits.granted.purpose());
  auto arrived = co_await std::move(asking);
  if (arrived || arrived.error().code != errc::stopped) {
    const error why = arrived ? error{} : arrived.error();
    parts_.report.requested(dataset(group.identity.from), arrived ? nullptr : &why, steady_now() - began,
                            arrived ? arrived->body.size() : 0);
  }
  co_return std::move(arrived);
}

asio::awaitable<result<window_answer>> reader::read_whole(const request_group& group, wanted_window wanted,
                                                          std::size_t& sent) {
  fetch_request request{group.identity, wanted.metrics, wanted.window};
  window_credits credits{{parts_.budget, wanted.purpose, 1}, sent};
  fault_point("reader.before-fetch");
  auto fetched = co_await ask(group, std::move(request), credits);
  fault_point("reader.fetched");
  if (!fetched) co_return fetched.error();
  window_answer out;
  taste(fetched->body);
  out.bytes = fetched->body.size();
  const bool sample = wanted.unusable == unusable_answer::kept_as_sample;
  const std::string head = sample ? fetched->body.substr(0, sample_bytes) : std::string();
  auto columns = wanted.metrics;
  auto parsing = decode_answer(std::move(*fetched), group, std::move(columns), parts_.loop);
  auto answer = co_await std::move(parsing);
  if (!answer && sample) parts_.keep_sample(answer.error().context, head);
  if (!answer) co_return answer.error();
  out.answer = std::move(*answer);
  co_return std::move(out);
}

asio::awaitable<result<window_answer>> reader::read_in_batches(const request_group& group, wanted_window wanted,
                                                               std::size_t& sent) {
  auto known = co_await parts_.facilities->wait(parts_.tap);
  if (!known) co_return known.error();
  const facility_list list = *parts_.facilities->list();  // a newer one may come meanwhile
  auto batches = batches_of(group.identity, list, wanted.window.start);
  window_credits credits{{parts_.budget, wanted.purpose, batches.size()}, sent};
  ask_once asking_once = [this, &group, &credits](fetch_request request) {
    return ask(group, std::move(request), credits);
  };
  unusable_batch unusable;
  if (wanted.unusable == unusable_answer::kept_as_sample) {
    unusable = [this](const error& why, std::string_view body) {
      parts_.keep_sample(why.context, body.substr(0, sample_bytes));
    };
  }
  batch_question asked{group,
                       wanted.metrics,
                       wanted.window,
                       list,
                       std::move(batches),
                       std::move(asking_once),
                       std::move(unusable),
                       parts_.loop,
                       wanted.is_read_once};
  auto asking = ask_in_batches(std::move(asked));
  auto answer = co_await std::move(asking);
  if (!answer) co_return answer.error();
  co_return window_answer{std::move(answer->joined), answer->bytes, {}};
}

bool shrinks_window(const error& why) {
  constexpr int query_failed = 500;  // too much work for one query, too (api.md §7)
  return why.code == errc::malformed || why.code == errc::too_large || why.code == errc::timed_out ||
         (why.code == errc::server_error && why.http_status == query_failed);
}

}  // namespace oes
