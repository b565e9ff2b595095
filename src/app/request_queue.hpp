#pragma once
// Where jobs wait for the term: sessions of the control socket hand them in, the leading term does them. Loop only.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "app/exit_code.hpp"
#include "async/event.hpp"
#include "operate/job.hpp"
#include "operate/job_wire.hpp"

namespace oes {

struct loaded_configuration;

/// A job on its way. Shared by the session that waits for it and the term that does it: either may end first.
struct operator_request {
  operator_request(job asked, std::shared_ptr<job_wire> to, const boost::asio::any_io_executor& loop)
      : what(std::move(asked)), wire(std::move(to)), done(loop) {}
  job what;
  std::shared_ptr<const loaded_configuration> configuration;  ///< of a reload: what is to be taken over
  std::shared_ptr<job_wire> wire;
  /// Sees what a change comes to before it is made; anything but exit_ok: not agreed to. Whoever is asked over the
  /// socket has agreed to the plan before.
  std::function<exit_code(const job_answer& plan)> agrees = [](const job_answer&) { return exit_ok; };
  event done;
  job_answer answer;
  bool withdrawn = false;  ///< nobody waits for it any more
};

class request_queue {
 public:
  explicit request_queue(const boost::asio::any_io_executor& loop)
      : loop_(loop), bell_(std::make_unique<event>(loop)), side_bell_(std::make_unique<event>(loop)) {}

  /// For sessions. Only while open. Completes when the job is done, or is known not to be.
  boost::asio::awaitable<job_answer> hand_in(job asked, std::shared_ptr<job_wire> wire,
                                             std::shared_ptr<const loaded_configuration> configuration = nullptr);
  [[nodiscard]] bool is_open() const { return static_cast<bool>(read_); }

  /// A change that the term makes with its claim (run_mode::edit). `agrees`: operator_request.
  std::shared_ptr<operator_request> lay_down(job asked, std::function<exit_code(const job_answer& plan)> agrees);

  /// For the term, from its claim to its end. `read` answers what changes nothing.
  void open(std::function<job_answer(const job&)> read) { read_ = std::move(read); }
  /// Whoever still waits is told that nothing was changed.
  void close();
  /// Completes when a request is queued that needs the request groups stopped.
  boost::asio::awaitable<void> arrival();
  /// The oldest operator_request that waits; null: none.
  std::shared_ptr<operator_request> next();

  /// The job that runs beside the groups, one at a time: null where one does already. Also without a term.
  std::shared_ptr<operator_request> begin_background(job asked, std::shared_ptr<job_wire> wire);
  /// The one that runs, or waits to go on when the groups open again; null: none.
  [[nodiscard]] std::shared_ptr<operator_request> background() const { return background_; }
  /// Completes when there is one.
  boost::asio::awaitable<void> side_arrival();
  void finish_background(job_answer answer);

 private:
  std::shared_ptr<operator_request> queue(job asked, std::shared_ptr<job_wire> wire);

  boost::asio::any_io_executor loop_;
  std::function<job_answer(const job&)> read_;
  std::deque<std::shared_ptr<operator_request>> waiting_;
  std::unique_ptr<event> bell_;  ///< set while an operator_request waits
  std::shared_ptr<operator_request> background_;
  std::unique_ptr<event> side_bell_;  ///< set while there is one
};

}  // namespace oes
