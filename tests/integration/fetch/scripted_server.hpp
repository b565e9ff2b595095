#pragma once
// A server on 127.0.0.1 that does to a client exactly what a test writes down, well-formed or not.
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace oes::test {

/// One accepted connection, used by its script in blocking style on a thread of its own. No call waits over 10 s.
class peer {
 public:
  virtual ~peer() = default;
  /// The next request's head, or empty when the client has gone.
  virtual std::string read_request() = 0;
  /// false: the client has gone.
  virtual bool send(std::string_view bytes) = 0;
  /// Until the client has closed the connection; false: it has not.
  virtual bool wait_for_close() = 0;
  /// The connection ends with RST instead of FIN when the script returns.
  virtual void end_with_reset() = 0;
  /// Counted from 0 in the order of accepting.
  int number = 0;
};

/// Its return closes the connection, without a TLS goodbye.
using script = std::function<void(peer&)>;

class scripted_server {
 public:
  /// `tls`: the server's context, null for plain TCP. The handshake comes before the script.
  explicit scripted_server(script what, boost::asio::ssl::context* tls = nullptr);
  ~scripted_server();
  scripted_server(const scripted_server&) = delete;
  scripted_server& operator=(const scripted_server&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] int connections() const { return accepted_; }
  [[nodiscard]] std::string base() const { return "http://127.0.0.1:" + std::to_string(port_) + "/v4"; }

 private:
  void accept_next();
  void serve(int handle, int number);

  script what_;
  boost::asio::ssl::context* tls_;
  boost::asio::io_context loop_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_;
  std::atomic<int> accepted_ = 0;
  std::mutex mutex_;
  std::set<int> open_;
  std::vector<std::thread> threads_;
  std::thread accepting_;
};

/// An answer with its length.
std::string answer(std::string_view status, std::string_view body, std::string_view more_headers = "");

}  // namespace oes::test
