// A stop ends a fetch at once, whatever it is waiting for.
#include <doctest/doctest.h>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <latch>

#include "certificates.hpp"
#include "fetch/http_client.hpp"
#include "running.hpp"
#include "scripted_server.hpp"

namespace oes::test {
namespace {

using namespace std::chrono_literals;

void check_stopped(loop& on, http_client& client) {
  const auto reply = on.run(client.get("/v4/me"));
  REQUIRE(reply.has_error());
  CHECK(reply.error().code == errc::stopped);
  CHECK(on.ended_at_once());
}

void check_stopped(loop& on, const scripted_server& server) {
  http_client client(patient_settings(), *parse_base_url(server.base()));
  check_stopped(on, client);
}

}  // namespace

TEST_CASE("stopped while the name is looked up") {
  auto forever = std::make_shared<std::latch>(1);
  loop on;
  const auto slow = [&on, forever](const std::string&, std::uint16_t, boost::system::error_code&) {
    on.stop();
    forever->wait();
    return endpoints{};
  };
  http_client client(patient_settings(), *parse_base_url("http://api.test"), slow);
  check_stopped(on, client);
  forever->count_down();
}

TEST_CASE("stopped while connecting") {
  // A listener that accepts nobody and whose queue is full leaves further connects unanswered.
  namespace asio = boost::asio;
  asio::io_context other;
  asio::ip::tcp::acceptor acceptor(other, asio::ip::tcp::v4());
  acceptor.bind({asio::ip::address_v4::loopback(), 0});
  acceptor.listen(0);
  std::vector<asio::ip::tcp::socket> fillers;
  for (int i = 0; i < 3; ++i) {
    auto& filler = fillers.emplace_back(other, asio::ip::tcp::v4());
    filler.async_connect(acceptor.local_endpoint(), [](const boost::system::error_code&) {});
  }
  other.poll();
  loop on;
  const auto url = "http://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port());
  http_client client(patient_settings(), *parse_base_url(url));
  asio::post(on.io, [&] { on.stop(); });
  check_stopped(on, client);

  auto hurried = patient_settings();
  hurried.connect_timeout = 60ms;
  http_client gives_up(hurried, *parse_base_url(url));
  CHECK(on.run(gives_up.get("/")).error().code == errc::unreachable);
}

TEST_CASE("stopped in the TLS handshake") {
  loop on;
  const scripted_server server([&](peer& client) {
    on.stop();
    client.wait_for_close();
  });
  http_client client(patient_settings(), *parse_base_url("https://127.0.0.1:" + std::to_string(server.port())));
  check_stopped(on, client);
}

TEST_CASE("stopped while the server thinks") {
  loop on;
  const scripted_server server([&](peer& client) {
    client.read_request();
    on.stop();
    client.wait_for_close();
  });
  check_stopped(on, server);
}

TEST_CASE("stopped in the middle of the header and of the body") {
  for (const auto* const part : {"HTTP/1.1 200 OK\r\nContent-", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{",
                                 "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"}) {
    loop on;
    const scripted_server server([&](peer& client) {
      client.read_request();
      client.send(part);
      on.stop();
      client.wait_for_close();
    });
    check_stopped(on, server);
  }
}

TEST_CASE("stopped while a body streams in at full speed") {
  loop on;
  const std::string piece(65536, ' ');
  const scripted_server server([&](peer& client) {
    client.read_request();
    client.send("HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n{");
    for (int i = 0; client.send(piece); ++i) {
      if (i == 20) on.stop();
    }
  });
  check_stopped(on, server);
}

TEST_CASE("stopped in the middle of a TLS body") {
  const authority_of_the_day authority;
  const auto tls = authority.server_for("IP:127.0.0.1");
  loop on;
  const scripted_server server(
      [&](peer& client) {
        client.read_request();
        client.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
        on.stop();
        client.wait_for_close();
      },
      tls.get());
  auto settings = patient_settings();
  settings.ca_file = authority.file();
  http_client client(settings, *parse_base_url("https://127.0.0.1:" + std::to_string(server.port())));
  check_stopped(on, client);
}

TEST_CASE("a fetch that loses a race against a timer ends at once") {
  using namespace boost::asio::experimental::awaitable_operators;
  const scripted_server server([](peer& client) { client.wait_for_close(); });
  loop on;
  http_client client(patient_settings(), *parse_base_url(server.base()));
  boost::asio::steady_timer timer(on.io, 30ms);
  const auto race = [&]() -> boost::asio::awaitable<int> {
    auto outcome = co_await (timer.async_wait(boost::asio::use_awaitable) || client.get("/"));
    co_return static_cast<int>(outcome.index());
  };
  CHECK(on.run(race()) == 0);
}

}  // namespace oes::test
