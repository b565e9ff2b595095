#include "app/job_desk.hpp"

#include <algorithm>
#include <chrono>

#include "app/exit_code.hpp"

namespace oes {

namespace asio = boost::asio;

namespace {

// Groups end at once, a transaction on its way within its own deadlines; then the change's own transaction.
constexpr auto patience = std::chrono::seconds(240);

job_answer not_done(std::string why) { return {exit_locked, std::move(why), false, {}, {}}; }

}  // namespace

asio::awaitable<job_answer> job_desk::hand_in(job asked) {
  if (!read_) co_return not_done("this daemon does not lead: nothing was changed");
  if (manner_of(asked.kind, asked.step) == job_manner::reading) co_return read_(asked);
  const auto mine = std::make_shared<errand>(std::move(asked), loop_);
  waiting_.push_back(mine);
  bell_->set();
  const bool done = co_await mine->done.wait_for(patience);
  if (done) co_return mine->answer;
  const auto place = std::find(waiting_.begin(), waiting_.end(), mine);
  const bool untouched = place != waiting_.end();
  if (untouched) waiting_.erase(place);
  co_return not_done(untouched ? "the daemon did not come to it: nothing was changed"
                               : "the daemon is still at it; `progress show` tells when it is done");
}

void job_desk::close() {
  read_ = nullptr;
  while (auto one = next()) {
    one->answer = not_done("leadership ended before the job was begun: nothing was changed; try again");
    one->done.set();
  }
}

asio::awaitable<void> job_desk::arrival() { co_await bell_->wait(); }

std::shared_ptr<errand> job_desk::next() {
  if (waiting_.empty()) {
    if (bell_->is_set()) bell_ = std::make_unique<event>(loop_);
    return nullptr;
  }
  auto first = waiting_.front();
  waiting_.pop_front();
  return first;
}

}  // namespace oes
