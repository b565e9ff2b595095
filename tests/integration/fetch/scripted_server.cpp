#include "scripted_server.hpp"

#include <sys/socket.h>
#include <sys/time.h>

#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

namespace oes::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

template <class Stream>
class stream_peer final : public peer {
 public:
  stream_peer(Stream& stream, tcp::socket& socket) : stream_(stream), socket_(socket) {}

  std::string read_request() override {
    boost::system::error_code ec;
    const auto size = asio::read_until(stream_, asio::dynamic_buffer(received_), "\r\n\r\n", ec);
    std::string head = received_.substr(0, size);
    received_.erase(0, size);
    return head;
  }
  bool send(std::string_view bytes) override {
    boost::system::error_code ec;
    asio::write(stream_, asio::buffer(bytes), ec);
    return !ec;
  }
  bool wait_for_close() override {
    boost::system::error_code ec;
    std::string ignored(4096, '\0');
    while (!ec) socket_.read_some(asio::buffer(ignored), ec);
    return ec != asio::error::would_block && ec != asio::error::try_again;
  }
  void end_with_reset() override { socket_.set_option(tcp::socket::linger(true, 0)); }

 private:
  Stream& stream_;
  tcp::socket& socket_;
  std::string received_;
};

// A blocking socket with a time limit on both directions.
void limit_waits(int handle) {
  const timeval longest{10, 0};
  setsockopt(handle, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
  setsockopt(handle, SOL_SOCKET, SO_SNDTIMEO, &longest, sizeof longest);
}

}  // namespace

scripted_server::scripted_server(script what, asio::ssl::context* tls)
    : what_(std::move(what)),
      tls_(tls),
      acceptor_(loop_, {asio::ip::address_v4::loopback(), 0}),
      port_(acceptor_.local_endpoint().port()) {
  accept_next();
  accepting_ = std::thread([this] { loop_.run(); });
}

scripted_server::~scripted_server() {
  loop_.stop();
  accepting_.join();
  {
    const std::lock_guard lock(mutex_);
    for (const int handle : open_) shutdown(handle, SHUT_RDWR);
  }
  for (auto& thread : threads_) thread.join();
}

void scripted_server::accept_next() {
  acceptor_.async_accept([this](const boost::system::error_code& ec, tcp::socket socket) {
    if (ec) return;
    const int handle = socket.release();
    limit_waits(handle);
    {
      const std::lock_guard lock(mutex_);
      open_.insert(handle);
    }
    const int number = accepted_++;
    threads_.emplace_back([this, handle, number] { serve(handle, number); });
    accept_next();
  });
}

void scripted_server::serve(int handle, int number) {
  asio::io_context own;
  tcp::socket socket(own, tcp::v4(), handle);
  if (tls_ == nullptr) {
    stream_peer<tcp::socket> client(socket, socket);
    client.number = number;
    what_(client);
  } else {
    asio::ssl::stream<tcp::socket&> secured(socket, *tls_);
    boost::system::error_code ec;
    secured.handshake(asio::ssl::stream_base::server, ec);
    stream_peer<asio::ssl::stream<tcp::socket&>> client(secured, socket);
    client.number = number;
    if (!ec) what_(client);
  }
  const std::lock_guard lock(mutex_);
  open_.erase(handle);
  socket.close();
}

std::string answer(std::string_view status, std::string_view body, std::string_view more_headers) {
  std::string out = "HTTP/1.1 ";
  out.append(status).append("\r\nContent-Type: application/json\r\n").append(more_headers);
  out.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n\r\n").append(body);
  return out;
}

}  // namespace oes::test
