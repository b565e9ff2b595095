#include "fetch/connection.hpp"

#include <boost/asio/this_coro.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/stream_traits.hpp>

#include "async/clock.hpp"
#include "async/stream_deadline.hpp"
#include "fetch/async_result.hpp"
#include "fetch/tunnel.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

/// Address translators drop silent connections without a word, some after a minute; a request into such a hole would
/// wait out its whole first-byte time.
constexpr auto longest_idle = std::chrono::seconds(50);

std::string address_text(const tcp::endpoint& endpoint) {
  const std::string address = endpoint.address().to_string();
  const std::string host = endpoint.address().is_v6() ? "[" + address + "]" : address;
  return host + ":" + std::to_string(endpoint.port());
}

error failed(const std::string& step, const boost::system::error_code& ec) {
  if (ec == asio::error::operation_aborted) return {errc::stopped, "stopped"};
  if (ec == beast::error::timeout) return {errc::unreachable, step + ": no answer in time"};
  return {errc::unreachable, step + ": " + ec.message()};
}

/// The next address's share of the time: one that swallows packets must not use up what the others need.
time_limit share(time_limit deadline, std::size_t addresses_left) {
  const auto now = steady_now();
  if (addresses_left <= 1 || deadline <= now) return deadline;
  return now + (deadline - now) / static_cast<int>(addresses_left);
}

// A failed way to a proxy names it: what is away is not the API.
error of_the_way(const connect_target& target, error why) {
  if (target.proxy && why.code != errc::stopped) why.context = "proxy " + text_of(*target.proxy) + ": " + why.context;
  return why;
}

// Who is talked to, for messages of the handshake.
std::string other_end(const connect_target& target) {
  return host_and_port(target.url) + (target.proxy ? " through proxy " + text_of(*target.proxy) : std::string());
}

// On the heap: a result of the stream itself is ambiguous, because a stream can be made from almost anything.
asio::awaitable<result<std::unique_ptr<plain_stream>>> connect_to_any(endpoints addresses, time_limit deadline) {
  const auto executor = co_await asio::this_coro::executor;
  error last{errc::unreachable, "no address to connect to"};
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    auto stream = std::make_unique<plain_stream>(executor);
    end_by(*stream, share(deadline, addresses.size() - i));
    const auto [ec] = co_await stream->async_connect(addresses[i], as_result);
    if (!ec) {
      boost::system::error_code ignored;
      stream->socket().set_option(tcp::no_delay(true), ignored);
      co_return std::move(stream);
    }
    last = failed("connect to " + address_text(addresses[i]), ec);
    if (last.code == errc::stopped || steady_now() >= deadline) break;
  }
  co_return last;
}

// A stream whose other end is the API's host, or a proxy that hands on to it.
asio::awaitable<result<std::unique_ptr<plain_stream>>> reach(const connect_target& target, time_limit deadline) {
  const bool by_proxy = target.proxy.has_value();
  const std::string host = by_proxy ? target.proxy->host : target.url.host;
  const std::uint16_t port = by_proxy ? target.proxy->port : target.url.port;
  auto addresses = co_await resolve(target.lookup, host, port, deadline);
  if (addresses.has_error()) co_return of_the_way(target, addresses.error());
  auto plain = co_await connect_to_any(std::move(*addresses), deadline);
  if (plain.has_error()) co_return of_the_way(target, plain.error());
  if (!by_proxy) co_return std::move(plain);
  const auto through = co_await open_tunnel(**plain, *target.proxy, target.url, deadline);
  if (through.has_error()) co_return through.error();
  co_return std::move(plain);
}

asio::awaitable<result<std::unique_ptr<connection>>> with_tls(const connect_target& target, plain_stream plain,
                                                              time_limit deadline) {
  auto opened = std::make_unique<connection>(tls_stream(std::move(plain), *target.tls));
  auto& tls = std::get<tls_stream>(opened->stream);
  const auto named = expect_host(tls, target.url.host);
  if (named.has_error()) co_return named.error();
  end_by(tls.next_layer(), deadline);
  const auto [ec] = co_await tls.async_handshake(asio::ssl::stream_base::client, as_result);
  if (!ec) co_return std::move(opened);
  error out = failed("TLS handshake with " + other_end(target), ec);
  if (out.code == errc::unreachable && ec != beast::error::timeout)
    out.context = "TLS handshake with " + other_end(target) + ": " + handshake_fault(tls, ec);
  co_return out;
}

}  // namespace

plain_stream& connection::transport() {
  if (auto* const tls = std::get_if<tls_stream>(&stream)) return tls->next_layer();
  return std::get<plain_stream>(stream);
}

asio::awaitable<result<std::unique_ptr<connection>>> open_connection(const connect_target& target,
                                                                     time_limit deadline) {
  auto plain = co_await reach(target, deadline);
  if (plain.has_error()) co_return plain.error();
  if (!target.tls) co_return std::make_unique<connection>(std::move(**plain));
  auto secured = co_await with_tls(target, std::move(**plain), deadline);
  co_return secured;
}

bool is_usable(connection& idle, steady_time now) {
  if (now - idle.idle_since > longest_idle) return false;
  auto& socket = idle.transport().socket();
  boost::system::error_code ec;
  socket.non_blocking(true, ec);
  if (ec) return false;
  char unexpected = 0;
  socket.receive(asio::buffer(&unexpected, 1), tcp::socket::message_peek, ec);
  return ec == asio::error::would_block;  // anything readable is a goodbye or out of turn
}

}  // namespace oes
