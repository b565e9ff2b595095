#include "commit/submission_queue.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace oes {

namespace asio = boost::asio;

asio::awaitable<result<void>> submission_queue::hand_in(submission work) {
  auto mine = std::make_shared<waiting>(++last_number_, std::move(work), loop_);
  auto lent = mine;
  auto [refused] = co_await arriving_.async_send({}, std::move(lent), asio::as_tuple(asio::use_awaitable));
  if (refused) co_return error{errc::stopped, "the committer is closed"};
  const bool settled = co_await mine->done.wait();
  if (!settled) co_return error{errc::stopped, "stopped while a commit was under way; its end is not known"};
  co_return std::move(mine->fate);
}

asio::awaitable<bool> submission_queue::wait() {
  if (ready_.empty()) {
    auto [ended, next] = co_await arriving_.async_receive(asio::as_tuple(asio::use_awaitable));
    if (ended) co_return false;
    ready_.push_back(std::move(next));
  }
  take_what_waits();
  co_return true;
}

void submission_queue::take_what_waits() {
  while (arriving_.try_receive([this](boost::system::error_code failed, std::shared_ptr<waiting> next) {
    if (!failed) ready_.push_back(std::move(next));
  })) {
  }
}

std::vector<submission*> submission_queue::first(std::size_t count) const {
  std::vector<submission*> out;
  for (std::size_t i = 0; i < count; ++i) out.push_back(&ready_[i]->work);
  return out;
}

std::vector<parcel> submission_queue::parcels(std::size_t count) const {
  std::vector<parcel> out;
  for (std::size_t i = 0; i < count; ++i) {
    const auto& work = ready_[i]->work;
    if (work.purpose == transaction_purpose::rehearsal) break;
    out.push_back({ready_[i]->number, work.batch.records.size(), work.batch.bytes.size()});
  }
  return out;
}

void submission_queue::put_first_last() { std::rotate(ready_.begin(), ready_.begin() + 1, ready_.end()); }

void submission_queue::finish(std::size_t count, const result<void>& fate) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto next = std::move(ready_.front());
    ready_.pop_front();
    next->fate = fate;
    next->done.set();
  }
}

}  // namespace oes
