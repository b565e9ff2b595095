#pragma once
// Where jobs wait for the term: sessions of the control socket hand them in, the leading term does them. Loop only.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "jobs/job.hpp"
#include "pipeline/event.hpp"

namespace oes {

/// A job on its way. Shared by the session that waits for it and the term that does it: either may end first.
struct errand {
  errand(job asked, const boost::asio::any_io_executor& loop) : what(std::move(asked)), done(loop) {}
  job what;
  event done;
  job_answer answer;
};

class job_desk {
 public:
  explicit job_desk(const boost::asio::any_io_executor& loop) : loop_(loop), bell_(std::make_unique<event>(loop)) {}

  /// For sessions. Only while open. Completes when the job is done, or is known not to be.
  boost::asio::awaitable<job_answer> hand_in(job asked);
  [[nodiscard]] bool is_open() const { return static_cast<bool>(read_); }

  /// For the term, from its claim to its end. `read` answers what changes nothing.
  void open(std::function<job_answer(const job&)> read) { read_ = std::move(read); }
  /// Whoever still waits is told that nothing was changed.
  void close();
  /// Completes when an errand waits that needs the groups out of the way.
  boost::asio::awaitable<void> arrival();
  /// The oldest errand that waits; null: none.
  std::shared_ptr<errand> next();

 private:
  boost::asio::any_io_executor loop_;
  std::function<job_answer(const job&)> read_;
  std::deque<std::shared_ptr<errand>> waiting_;
  std::unique_ptr<event> bell_;  ///< set while an errand waits
};

}  // namespace oes
