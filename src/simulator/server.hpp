#pragma once
// The simulator's sockets: plain HTTP/1.1 with keep-alive on a local address.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "simulator/api.hpp"
#include "simulator/faults.hpp"
#include "simulator/served_log.hpp"

namespace oes::sim {

struct server_settings {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0: any free one
  bool gzip = false;       ///< compress when the client accepts it
  std::size_t most_connections = 256;
  std::size_t threads = 2;  ///< for reading rows and writing answers out
};

class server {
 public:
  /// Binds and listens; throws boost::system::system_error if it cannot. The arguments outlive the server.
  server(boost::asio::io_context& io, server_settings settings, api& what, fault_desk& faults, served_log& served);
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  /// Accepts until stop(), then returns once every connection is closed, or after 3 s.
  boost::asio::awaitable<void> run();
  /// Closes everything. Called on the io_context's thread.
  void stop();

 private:
  struct body;
  std::unique_ptr<body> body_;
};

}  // namespace oes::sim
