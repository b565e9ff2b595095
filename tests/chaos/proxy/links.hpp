#pragma once
// The proxy's connections: one listening port a broker, frames looked at on their way to the broker.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

#include "chaos/proxy/orders.hpp"

namespace oes::chaos {

/// One client connection and its connection to the broker. Shared by its two pumps and by held requests.
struct link {
  link(boost::asio::io_context& io, int at_node) : client(io), broker(io), node(at_node) {}
  boost::asio::ip::tcp::socket client;
  boost::asio::ip::tcp::socket broker;
  int node;
  std::string client_id;
  bool cut = false;  ///< the client is gone, the broker's side lives on
};
using link_ptr = std::shared_ptr<link>;

class proxy {
 public:
  /// `tell`: lines for the harness: `held ID`, `released ID`, `treated ID`.
  proxy(boost::asio::io_context& io, std::function<void(const std::string&)> tell) : io_(io), tell_(std::move(tell)) {}

  boost::asio::awaitable<void> listen(int node, std::uint16_t port, std::uint16_t target);
  /// false: not understood.
  bool obey(const std::string& line);

 private:
  struct held_request {
    std::string id;
    link_ptr on;
    std::string frame;
  };

  boost::asio::awaitable<void> serve(link_ptr on, std::uint16_t target);
  boost::asio::awaitable<void> requests_of(link_ptr on);
  boost::asio::awaitable<void> answers_of(link_ptr on);
  boost::asio::awaitable<bool> treat(link_ptr on, std::string frame, rule_order rule);
  boost::asio::awaitable<void> release(std::string id);
  boost::asio::awaitable<void> release_later(std::string id, milliseconds span);
  boost::asio::awaitable<void> hold_back(link_ptr on, std::size_t bytes);
  boost::asio::awaitable<void> pause(milliseconds span);
  void abort_held(const std::string& id);
  void close_matching(const target& whom, bool with_reset);

  boost::asio::io_context& io_;
  std::function<void(const std::string&)> tell_;
  order_book book_;
  std::list<link_ptr> links_;
  std::vector<held_request> held_;
};

}  // namespace oes::chaos
