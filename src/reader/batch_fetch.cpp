#include "reader/batch_fetch.hpp"

#include <utility>

#include "async/slices.hpp"
#include "facilities/joined_answer.hpp"
#include "reader/decode_answer.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

constexpr std::size_t most_of_sample = 4096;

fetch_request request_for(const batch_question& question, std::vector<std::string> facilities) {
  fetch_request request{question.group.identity, question.metrics, question.window};
  request.identity.filter.facility_codes = std::move(facilities);
  return request;
}

error nothing_matches(const group_identity& id) {
  return {errc::rejected, "no facility in the API's list matches " + canonical(id)};
}

// Until `work` is done, or fails.
template <class Work>
asio::awaitable<result<void>> all_of(Work work, asio::any_io_executor loop) {
  result<void> fate;
  const auto some = [&](std::size_t points) {
    const auto done = work(points);
    if (!done) fate = done.error();
    return !done || *done;
  };
  auto going = in_slices(std::move(loop), some);
  co_await std::move(going);
  co_return fate;
}

// What the others have says nothing of this batch: of a window that is read once only, its 404 is asked about again.
asio::awaitable<result<raw_answer>> ask_twice(batch_question& question, fetch_request request) {
  auto again = request;
  auto asking = question.ask(std::move(request));
  auto fetched = co_await std::move(asking);
  const bool empty = !fetched && fetched.error().code == errc::not_yet;
  if (!empty || !question.is_read_once) co_return std::move(fetched);
  auto asking_again = question.ask(std::move(again));
  fetched = co_await std::move(asking_again);
  co_return std::move(fetched);
}

}  // namespace

asio::awaitable<result<batch_answer>> ask_in_batches(batch_question question) {
  const auto& group = question.group;
  answer_joiner joining(group.identity, question.list);
  batch_answer out;
  error none = nothing_matches(group.identity);
  for (auto& facilities : question.batches) {
    auto request = request_for(question, std::move(facilities));
    auto asking = ask_twice(question, request);
    auto fetched = co_await std::move(asking);
    if (!fetched && fetched.error().code != errc::not_yet) co_return fetched.error();
    if (!fetched) {
      none = fetched.error();
      continue;
    }
    out.bytes += fetched->body.size();
    const std::string head = question.unusable ? fetched->body.substr(0, most_of_sample) : std::string();
    auto columns = question.metrics;
    auto parsing = decode_answer(std::move(*fetched), group, std::move(columns), question.loop);
    auto part = co_await std::move(parsing);
    if (!part && question.unusable) question.unusable(part.error(), head);
    if (!part) co_return part.error();
    joining.add(std::move(*part));
    auto adding = all_of([&joining](std::size_t points) { return joining.take_in(points); }, question.loop);
    const auto added = co_await std::move(adding);
    if (!added) co_return added.error();
  }
  if (joining.empty()) co_return none;
  auto dropping = all_of([&joining](std::size_t points) { return joining.drop_duplicates(points); }, question.loop);
  const auto dropped = co_await std::move(dropping);
  if (!dropped) co_return dropped.error();
  out.joined = joining.take();
  co_return std::move(out);
}

}  // namespace oes
