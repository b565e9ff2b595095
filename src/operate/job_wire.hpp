#pragma once
// Between a session of the control socket and the job that is done for it: what the job tells while it goes on, and
// whether anyone still listens. Shared by both: either may end first. Loop thread only.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <optional>

#include "async/event.hpp"
#include "operate/job_progress.hpp"

namespace oes {

class job_wire {
 public:
  explicit job_wire(const boost::asio::any_io_executor& loop);

  /// For the job. Only the newest news is kept: whoever listens slowly misses some.
  void tell(job_progress news);
  [[nodiscard]] bool has_listener() const { return listens_; }

  /// For the session. The next news; what was told last again after `silence`, so that nobody takes it for dead;
  /// nullopt: the job is over.
  boost::asio::awaitable<std::optional<job_progress>> next(std::chrono::seconds silence);
  void hang_up() { listens_ = false; }
  void finish();
  /// Completes when the job is over.
  boost::asio::awaitable<void> over();

 private:
  event bell_;  ///< there is news, or the end
  event end_;
  std::optional<job_progress> latest_;
  bool fresh_ = false;
  bool over_ = false;
  bool listens_ = true;
};

}  // namespace oes
