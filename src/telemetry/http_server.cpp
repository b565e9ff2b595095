#include "telemetry/http_server.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <vector>

#include "async/race.hpp"
#include "async/timer.hpp"
#include "telemetry/http_session.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t most_connections = 32;
constexpr std::size_t most_of_a_peer = 16;
// More accept than may sit: whoever comes finds somebody to make room for him.
constexpr std::size_t crew_size = most_connections + 8;
constexpr std::chrono::milliseconds pause_after_failed_accept{100};

std::string where(const telemetry_settings& settings) {
  const bool v6 = settings.http_address.find(':') != std::string::npos;
  return (v6 ? '[' + settings.http_address + ']' : settings.http_address) + ':' + std::to_string(settings.http_port);
}

error cannot_listen(const telemetry_settings& settings, const error_code& why) {
  return {errc::io_error, "cannot listen on " + where(settings) + " (HTTP endpoint): " + why.message()};
}

result<tcp::acceptor> listen(const asio::any_io_executor& executor, const telemetry_settings& settings) {
  error_code failed;
  const auto address = asio::ip::make_address(settings.http_address, failed);
  if (failed) return error{errc::bad_config, "not an IP address to listen on: " + settings.http_address};
  const tcp::endpoint endpoint(address, settings.http_port);
  tcp::acceptor acceptor(executor);
  acceptor.open(endpoint.protocol(), failed);
  if (!failed) acceptor.set_option(tcp::acceptor::reuse_address(true), failed);
  if (!failed) acceptor.bind(endpoint, failed);
  if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (failed) return cannot_listen(settings, failed);
  return acceptor;
}

// One of the crew: serves one connection after the other. References live in serve_http's frame, which awaits the crew.
asio::awaitable<void> serve_connections(tcp::acceptor& acceptor, const http_site& site) {
  co_await asio::this_coro::throw_if_cancelled(false);
  const auto stop = co_await asio::this_coro::cancellation_state;
  while (stop.cancelled() == asio::cancellation_type::none) {
    auto [failed, socket] = co_await acceptor.async_accept(asio::as_tuple(asio::use_awaitable));
    if (stop.cancelled() != asio::cancellation_type::none) co_return;
    if (failed) {
      // For want of descriptors, say; trying again at once would burn the processor.
      const bool passed = co_await pause_for(pause_after_failed_accept);
      static_cast<void>(passed);
      continue;
    }
    co_await serve_connection(std::move(socket), site);
  }
}

}  // namespace

// The bound on connections is the number of coroutines that accept: no task is ever started for a connection, so none
// can be left behind. When all seats are taken, who comes next gets the seat of the one that has waited longest.
asio::awaitable<result<void>> serve_http(telemetry_settings settings, const metrics& numbers, status_source status,
                                         logger& log, std::function<void(std::uint16_t)> on_listening) {
  const auto executor = co_await asio::this_coro::executor;
  auto listening = listen(executor, settings);
  if (!listening) co_return listening.error();
  auto& acceptor = *listening;
  const auto port = acceptor.local_endpoint().port();
  log.info("serving HTTP", {{"address", settings.http_address}, {"port", static_cast<std::int64_t>(port)}});
  if (on_listening) on_listening(port);

  const own_hosts hosts(settings.http_hosts, machine_name());
  seating seats(most_connections, most_of_a_peer);
  const http_site site{numbers, status, log, hosts, seats};
  std::vector<asio::awaitable<void>> crew;
  crew.reserve(crew_size);
  for (std::size_t i = 0; i < crew_size; ++i) crew.push_back(serve_connections(acceptor, site));
  auto serving = when_all(std::move(crew));
  co_await std::move(serving);
  co_return result<void>();
}

}  // namespace oes
