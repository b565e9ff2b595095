#pragma once
// What the groups have handed in, in order, until its fate is known.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "async/event.hpp"
#include "commit/packing.hpp"
#include "commit/submission.hpp"
#include "model/error.hpp"

namespace oes {

class submission_queue {
 public:
  /// `bound`: so many wait; who hands in another one waits with it.
  submission_queue(const boost::asio::any_io_executor& loop, std::size_t bound) : loop_(loop), arriving_(loop, bound) {}

  /// For the groups: its fate. Errors: stopped, and what finish() was told.
  boost::asio::awaitable<result<void>> hand_in(submission work);

  /// For the committer: there is one, and whatever else waited was taken. false: closed, and nothing waits any more.
  boost::asio::awaitable<bool> wait();
  [[nodiscard]] submission& front() { return ready_.front()->work; }
  /// The first ones, in order.
  [[nodiscard]] std::vector<submission*> first(std::size_t count) const;
  /// The same as they are packed; rehearsals travel with nobody, and end the list.
  [[nodiscard]] std::vector<parcel> parcels(std::size_t count) const;
  [[nodiscard]] std::vector<parcel> parcels() const { return parcels(ready_.size()); }
  /// Lets the others go before the first one.
  void put_first_last();
  /// The first ones are told, and are gone.
  void finish(std::size_t count, const result<void>& fate);
  void finish_all(const result<void>& fate) { finish(ready_.size(), fate); }
  /// Nothing more is handed in. What waits is still there.
  void close() { arriving_.close(); }
  void take_what_waits();

 private:
  /// Shared by who hands in and the committer: a caller that is cancelled leaves its frame, and the committer still
  /// works with what it handed in.
  struct waiting {
    waiting(std::uint64_t own, submission handed_in, const boost::asio::any_io_executor& loop)
        : number(own), work(std::move(handed_in)), done(loop) {}
    std::uint64_t number;  ///< in the order in which they came
    submission work;
    event done;
    result<void> fate;
  };
  using channel = boost::asio::experimental::channel<void(boost::system::error_code, std::shared_ptr<waiting>)>;

  boost::asio::any_io_executor loop_;
  channel arriving_;
  std::uint64_t last_number_ = 0;
  std::deque<std::shared_ptr<waiting>> ready_;  ///< taken from the channel, their fate not known
};

}  // namespace oes
