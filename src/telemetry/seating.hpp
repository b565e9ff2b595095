#pragma once
// Connection limits of the HTTP endpoint, in all and by peer. When it is full, the connection that has waited longest
// for a request is closed, so that a health probe always gets in. Loop only.
#include <boost/asio/ip/address.hpp>
#include <cstddef>
#include <functional>
#include <list>

namespace oes {

class seating {
 public:
  /// One connection's place; given back when it goes.
  class seat;

  seating(std::size_t most, std::size_t most_of_a_peer) : most_(most), most_of_a_peer_(most_of_a_peer) {}

  /// `leave` is called at most once, from within another take(): the connection has to end.
  seat take(const boost::asio::ip::address& peer, std::function<void()> leave);
  [[nodiscard]] std::size_t taken() const { return sitting_.size(); }

 private:
  struct guest {
    boost::asio::ip::address peer;
    std::function<void()> leave;
    bool waits = true;  ///< for its request; else it is being answered
    bool asked_to_leave = false;
  };
  using place = std::list<guest>::iterator;

  void make_room(const boost::asio::ip::address& peer);

  std::size_t most_;
  std::size_t most_of_a_peer_;
  std::list<guest> sitting_;  ///< who began to wait first stands first
};

class seating::seat {
 public:
  seat(seating& of, place at) : of_(of), at_(at) {}
  ~seat() { of_.sitting_.erase(at_); }
  seat(const seat&) = delete;
  seat& operator=(const seat&) = delete;

  /// From now on a request is waited for.
  void waits();
  /// From now on one is answered.
  void is_served() { at_->waits = false; }

 private:
  seating& of_;
  place at_;
};

}  // namespace oes
