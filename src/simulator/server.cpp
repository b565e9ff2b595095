#include "simulator/server.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>
#include <set>

#include "simulator/exchange.hpp"

namespace oes::sim {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr auto token = asio::as_tuple(asio::use_awaitable);
constexpr auto idle_limit = std::chrono::seconds(120);
constexpr auto write_limit = std::chrono::seconds(300);
constexpr auto stop_limit = std::chrono::seconds(3);
constexpr std::size_t header_limit = std::size_t{32} << 10U;
constexpr std::size_t body_limit = std::size_t{64} << 10U;
constexpr int drip_pieces = 50;

incoming read_request(http::request<http::string_body>&& message) {
  incoming request;
  request.asked.method = message.method_string();
  request.asked.target = message.target();
  request.asked.host = message[http::field::host];
  request.asked.cache_control = message[http::field::cache_control];
  request.asked.if_none_match = message[http::field::if_none_match];
  if (const auto found = message.find(http::field::authorization); found != message.end()) {
    request.asked.authorization = std::string(found->value());
  }
  request.accepts_gzip = message[http::field::accept_encoding].find("gzip") != beast::string_view::npos;
  request.keep_alive = message.keep_alive();
  request.body = std::move(message.body());
  return request;
}

asio::awaitable<std::optional<incoming>> read_one(beast::tcp_stream& stream, beast::flat_buffer& buffer) {
  http::request_parser<http::string_body> parser;
  parser.header_limit(header_limit);
  parser.body_limit(body_limit);
  stream.expires_after(idle_limit);
  const auto [error, size] = co_await http::async_read(stream, buffer, parser, token);
  if (error || size == 0) co_return std::nullopt;
  stream.expires_never();
  co_return read_request(parser.release());
}

asio::awaitable<bool> write_whole(beast::tcp_stream& stream, const outgoing& out) {
  const std::array<asio::const_buffer, 2> buffers{asio::buffer(out.head), asio::buffer(out.body->data(), out.send)};
  stream.expires_after(write_limit);
  const auto [error, written] = co_await asio::async_write(stream, buffers, token);
  co_return !error && written == out.head.size() + out.send;
}

asio::awaitable<bool> write_drop_by_drop(beast::tcp_stream& stream, const outgoing& out) {
  asio::steady_timer timer(stream.get_executor());
  stream.expires_after(write_limit);
  const auto [head_error, head_written] = co_await asio::async_write(stream, asio::buffer(out.head), token);
  if (head_error || head_written == 0) co_return false;
  const auto piece = out.send / drip_pieces + 1;
  for (std::size_t at = 0; at < out.send; at += piece) {
    timer.expires_after(out.drip / drip_pieces);
    const auto [wait_error] = co_await timer.async_wait(token);
    if (wait_error) co_return false;
    const auto size = std::min(piece, out.send - at);
    stream.expires_after(write_limit);
    const auto [error, written] = co_await asio::async_write(stream, asio::buffer(out.body->data() + at, size), token);
    if (error || written != size) co_return false;
  }
  co_return true;
}

asio::awaitable<bool> write_out(beast::tcp_stream& stream, const outgoing& out) {
  if (out.drip.count() > 0) return write_drop_by_drop(stream, out);
  return write_whole(stream, out);
}

}  // namespace

struct server::body {
  body(asio::io_context& context, server_settings s, api& what, fault_desk& faults, served_log& served)
      : io(context),
        settings(std::move(s)),
        pool(settings.threads),
        desk(what, faults, served, pool, settings.gzip),
        acceptor(io, tcp::endpoint(asio::ip::make_address(settings.address), settings.port)),
        all_closed(io) {}

  asio::awaitable<void> converse(std::shared_ptr<beast::tcp_stream> stream);
  asio::awaitable<bool> exchange(beast::tcp_stream& stream, beast::flat_buffer& buffer);
  void admit(tcp::socket socket);

  asio::io_context& io;
  server_settings settings;
  asio::thread_pool pool;
  exchange_desk desk;
  tcp::acceptor acceptor;
  std::set<std::shared_ptr<beast::tcp_stream>> open;  // shared with the coroutine that serves the connection
  asio::steady_timer all_closed;
  bool stopping = false;
};

// One question and its answer; false: the connection is done.
asio::awaitable<bool> server::body::exchange(beast::tcp_stream& stream, beast::flat_buffer& buffer) {
  auto request = co_await read_one(stream, buffer);
  if (!request) co_return false;
  const auto out = co_await desk.answer(std::move(*request));
  if (out.silent) co_return false;
  const bool whole = co_await write_out(stream, out);
  if (whole && out.send == out.body->size()) desk.sent(out);
  co_return whole && !out.close;
}

asio::awaitable<void> server::body::converse(std::shared_ptr<beast::tcp_stream> stream) {
  beast::flat_buffer buffer;
  bool more = true;
  while (more && !stopping) more = co_await exchange(*stream, buffer);
  beast::error_code ignored;
  stream->socket().shutdown(tcp::socket::shutdown_both, ignored);
}

void server::body::admit(tcp::socket socket) {
  if (open.size() >= settings.most_connections) return;  // the socket closes
  beast::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  auto stream = std::make_shared<beast::tcp_stream>(std::move(socket));
  open.insert(stream);
  // run() waits for `open` to become empty: no connection outlives the server.
  asio::co_spawn(io, converse(stream), [this, stream](const std::exception_ptr&) {
    stream->close();
    open.erase(stream);
    if (open.empty()) all_closed.cancel();
  });
}

server::server(asio::io_context& io, server_settings settings, api& what, fault_desk& faults, served_log& served)
    : body_(std::make_unique<body>(io, std::move(settings), what, faults, served)) {}

server::~server() { body_->pool.join(); }

std::uint16_t server::port() const { return body_->acceptor.local_endpoint().port(); }

asio::awaitable<void> server::run() {
  while (!body_->stopping) {
    tcp::socket socket(body_->io);
    const auto [error] = co_await body_->acceptor.async_accept(socket, token);
    if (!error) {
      body_->admit(std::move(socket));
      continue;
    }
    if (body_->stopping) break;
    // Out of descriptors, or the like: do not spin.
    asio::steady_timer pause(body_->io, std::chrono::milliseconds(50));
    co_await pause.async_wait(token);
  }
  // A connection in the middle of an ordered delay is not waited for.
  const auto deadline = std::chrono::steady_clock::now() + stop_limit;
  while (!body_->open.empty() && std::chrono::steady_clock::now() < deadline) {
    body_->all_closed.expires_after(std::chrono::milliseconds(500));
    co_await body_->all_closed.async_wait(token);
  }
}

void server::stop() {
  body_->stopping = true;
  boost::system::error_code ignored;
  body_->acceptor.close(ignored);
  for (const auto& stream : body_->open) stream->cancel();
}

}  // namespace oes::sim
