#include "app/request_queue.hpp"

#include <algorithm>
#include <chrono>

#include "app/exit_code.hpp"

namespace oes {

namespace asio = boost::asio;

namespace {

// Groups end at once, a transaction on its way within its own deadlines; then the change's own transaction.
constexpr auto patience_with_a_change = std::chrono::seconds(240);
// systemd waits 90 s for the command (TimeoutStartSec), of which the file and the topics have had their part.
constexpr auto patience_with_a_reload = std::chrono::seconds(45);

job_answer not_done(std::string why) { return {exit_locked, std::move(why)}; }

}  // namespace

asio::awaitable<job_answer> request_queue::hand_in(job asked, std::shared_ptr<job_wire> wire,
                                                   std::shared_ptr<const loaded_configuration> configuration) {
  if (!read_) co_return not_done("this daemon does not lead: nothing was changed");
  const auto manner = manner_of(asked.kind, asked.step);
  if (manner == job_manner::reading) co_return read_(asked);
  if (manner == job_manner::beside) {
    const auto mine = begin_background(std::move(asked), std::move(wire));
    if (!mine) co_return not_done("a backfill runs already (" + background_->what.command + "): one at a time");
    co_await mine->done.wait();  // days, where credits are scarce: whoever does the job ends it
    co_return mine->answer;
  }
  const auto mine = queue(std::move(asked), std::move(wire));
  mine->configuration = std::move(configuration);
  const bool done = co_await mine->done.wait_for(mine->configuration ? patience_with_a_reload : patience_with_a_change);
  if (done) co_return mine->answer;
  const auto place = std::find(waiting_.begin(), waiting_.end(), mine);
  const bool untouched = place != waiting_.end();
  if (untouched) waiting_.erase(place);
  mine->withdrawn = true;
  co_return not_done(untouched ? "the daemon did not come to it: nothing was changed"
                               : "the daemon is still at it; `progress show` tells when it is done");
}

std::shared_ptr<operator_request> request_queue::lay_down(job asked,
                                                          std::function<exit_code(const job_answer& plan)> agrees) {
  auto mine = queue(std::move(asked), nullptr);
  mine->agrees = std::move(agrees);
  return mine;
}

std::shared_ptr<operator_request> request_queue::queue(job asked, std::shared_ptr<job_wire> wire) {
  auto mine = std::make_shared<operator_request>(std::move(asked), std::move(wire), loop_);
  waiting_.push_back(mine);
  bell_->set();
  return mine;
}

void request_queue::close() {
  read_ = nullptr;
  while (auto one = next()) {
    one->answer = not_done("leadership ended before the job was begun: nothing was changed; try again");
    one->done.set();
  }
  if (background_)
    finish_background(
        not_done("this daemon does not lead any more: what is done stays done, and the same command "
                 "goes on where it stopped"));
}

std::shared_ptr<operator_request> request_queue::begin_background(job asked, std::shared_ptr<job_wire> wire) {
  if (background_) return nullptr;
  background_ = std::make_shared<operator_request>(std::move(asked), std::move(wire), loop_);
  side_bell_->set();
  return background_;
}

asio::awaitable<void> request_queue::side_arrival() { co_await side_bell_->wait(); }

void request_queue::finish_background(job_answer answer) {
  background_->answer = std::move(answer);
  background_->done.set();
  background_.reset();
  side_bell_ = std::make_unique<event>(loop_);
}

asio::awaitable<void> request_queue::arrival() { co_await bell_->wait(); }

std::shared_ptr<operator_request> request_queue::next() {
  if (waiting_.empty()) {
    if (bell_->is_set()) bell_ = std::make_unique<event>(loop_);
    return nullptr;
  }
  auto first = waiting_.front();
  waiting_.pop_front();
  return first;
}

}  // namespace oes
