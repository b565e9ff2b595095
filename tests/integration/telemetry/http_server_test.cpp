#include "telemetry/http_server.hpp"

#include <doctest/doctest.h>

#include <array>
#include <boost/asio.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace oes;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::ip::tcp;
using clock_type = std::chrono::steady_clock;

namespace {

telemetry_settings any_port() {
  telemetry_settings settings;
  settings.http_port = 0;
  settings.log_level = "error";
  return settings;
}

// The server and its clients on one loop; a test lets time pass only until what it waits for is there.
struct running_server {
  asio::io_context loop;
  telemetry_settings settings = any_port();
  logger log{settings};
  metrics numbers{"openelectricity"};
  daemon_status status;
  std::uint16_t port = 0;
  asio::cancellation_signal stop;
  std::optional<std::string> ended;  // what it failed with; empty: well

  running_server() {
    asio::co_spawn(
        loop,
        serve_http(
            settings, numbers, [this]() -> const daemon_status& { return status; }, log,
            [this](std::uint16_t p) { port = p; }),
        asio::bind_cancellation_slot(stop.slot(), [this](const std::exception_ptr& fault, const result<void>& r) {
          CHECK(!fault);
          ended = r ? "" : r.error().context;
        }));
    run_until([this] { return port != 0; }, 2s);
  }

  template <class Condition>
  bool run_until(Condition condition, std::chrono::milliseconds patience) {
    const auto deadline = clock_type::now() + patience;
    while (!condition() && clock_type::now() < deadline) loop.run_one_until(deadline);
    return condition();
  }

  tcp::endpoint endpoint() const { return {asio::ip::make_address("127.0.0.1"), port}; }
};

// Sends bytes and collects what comes back until the server closes.
struct client {
  tcp::socket socket;
  std::string sent;
  std::string got;
  bool closed = false;

  client(running_server& server, std::string bytes) : socket(server.loop), sent(std::move(bytes)) {
    socket.connect(server.endpoint());
    asio::write(socket, asio::buffer(sent));
    read();
  }

  void read() {
    auto chunk = std::make_shared<std::array<char, 4096>>();  // shared with the handler, which may outlive a chunk
    socket.async_read_some(asio::buffer(*chunk), [this, chunk](boost::system::error_code failed, std::size_t n) {
      if (failed == asio::error::operation_aborted) return;
      got.append(chunk->data(), n);
      closed = static_cast<bool>(failed);
      if (!closed) read();
    });
  }
};

std::string ask(running_server& server, const std::string& head) {
  client one(server, head + "\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  CHECK(server.run_until([&] { return one.closed; }, 5s));
  return one.got;
}

bool holds(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a scraper reads the metrics") {
  running_server server;
  server.numbers.transaction("committed", 30ms, 305);
  const auto answer = ask(server, "GET /metrics HTTP/1.1");
  CHECK(answer.starts_with("HTTP/1.1 200 "));
  CHECK(holds(answer, "Content-Type: text/plain; version=0.0.4"));
  CHECK(
      holds(answer, R"(openelectricity_kafka_transactions_total{deployment="openelectricity",outcome="committed"} 1)"));
}

TEST_CASE("readiness follows the status while health stays") {
  running_server server;
  server.status.role = "leading";
  server.status.troubles["kafka"] = {health_level::failing, "waiting for Kafka", {}, ""};
  CHECK(ask(server, "GET /readyz HTTP/1.1").starts_with("HTTP/1.1 503 "));
  CHECK(ask(server, "GET /healthz HTTP/1.1").starts_with("HTTP/1.1 200 "));
  server.status.troubles.clear();
  CHECK(ask(server, "GET /readyz HTTP/1.1").starts_with("HTTP/1.1 200 "));
}

TEST_CASE("HEAD has the length and no body, other methods are told which ones there are") {
  running_server server;
  const auto head = ask(server, "HEAD / HTTP/1.1");
  CHECK(head.starts_with("HTTP/1.1 200 "));
  CHECK(holds(head, "Content-Length: "));
  CHECK(head.ends_with("\r\n\r\n"));
  const auto refused = ask(server, "DELETE / HTTP/1.1");
  CHECK(refused.starts_with("HTTP/1.1 405 "));
  CHECK(holds(refused, "Allow: GET, HEAD"));
}

TEST_CASE("one connection serves several requests") {
  running_server server;
  server.status.role = "leading";
  client one(server, "GET /healthz HTTP/1.1\r\n\r\nGET /readyz HTTP/1.1\r\nConnection: close\r\n\r\n");
  CHECK(server.run_until([&] { return one.closed; }, 5s));
  CHECK(holds(one.got, "\r\n\r\nok\n"));
  CHECK(one.got.ends_with("ready\n"));
}

TEST_CASE("what is not HTTP, or has too large a header, is answered and cut") {
  running_server server;
  client garbage(server, "\x16\x03\x01 hello\r\n\r\n");
  CHECK(server.run_until([&] { return garbage.closed; }, 5s));
  CHECK(garbage.got.starts_with("HTTP/1.1 400 "));
  client huge(server, "GET / HTTP/1.1\r\nX: " + std::string(8200, 'x'));
  CHECK(server.run_until([&] { return huge.closed; }, 5s));
  CHECK(huge.got.starts_with("HTTP/1.1 431 "));
}

TEST_CASE("a request with a body is answered without reading the body") {
  running_server server;
  client one(server, "POST / HTTP/1.1\r\nContent-Length: 1000000000\r\n\r\n");
  CHECK(server.run_until([&] { return one.closed; }, 5s));
  CHECK(one.got.starts_with("HTTP/1.1 405 "));
}

TEST_CASE("a port that is taken is named") {
  running_server server;
  auto settings = any_port();
  settings.http_port = server.port;
  std::optional<std::string> second;
  asio::co_spawn(
      server.loop,
      serve_http(
          settings, server.numbers, [&server]() -> const daemon_status& { return server.status; }, server.log),
      [&](const std::exception_ptr&, const result<void>& r) { second = r ? "" : r.error().context; });
  REQUIRE(server.run_until([&] { return second.has_value(); }, 2s));
  CHECK(holds(*second, "127.0.0.1:" + std::to_string(server.port)));
}

TEST_CASE("D6: a client that does not finish its request is cut soon") {
  running_server server;
  client slow(server, "GET / HTTP/1.1\r\nHost: loc");
  const auto begun = clock_type::now();
  CHECK(server.run_until([&] { return slow.closed; }, 13s));
  CHECK(clock_type::now() - begun > 1s);
  CHECK(clock_type::now() - begun < 5s);
  CHECK(slow.got.empty());
}

TEST_CASE("D6: half-sent requests, however many, do not keep a probe of health waiting") {
  running_server server;
  std::vector<std::unique_ptr<client>> idle;
  for (int round = 0; round < 4; ++round) {
    for (int i = 0; i < 32; ++i) idle.push_back(std::make_unique<client>(server, "GET"));
    client probe(server, "GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n");
    CHECK(server.run_until([&] { return probe.closed; }, 500ms));
    CHECK(holds(probe.got, "200 OK"));
  }
}

TEST_CASE("D6: idle connections make room for new ones") {
  running_server server;
  std::vector<std::unique_ptr<client>> kept;
  for (int i = 0; i < 40; ++i) {
    kept.push_back(std::make_unique<client>(server, "GET /healthz HTTP/1.1\r\n\r\n"));
    CHECK(server.run_until([&] { return holds(kept.back()->got, "ok\n"); }, 500ms));
  }
  CHECK(server.run_until([&] { return kept.front()->closed; }, 500ms));
  CHECK_FALSE(kept.back()->closed);
}

TEST_CASE("G6: a page of another name than the daemon's cannot read the status") {
  running_server server;
  client evil(server, "GET /status.json HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
  CHECK(server.run_until([&] { return evil.closed; }, 5s));
  CHECK(evil.got.starts_with("HTTP/1.1 421 "));
  client two(server, "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
  CHECK(server.run_until([&] { return two.closed; }, 5s));
  CHECK_FALSE(two.got.starts_with("HTTP/1.1 200 "));
}

TEST_CASE("cancelling ends idle and half-read connections at once") {
  running_server server;
  client half(server, "GET / HTTP/1.1\r\nHost: loc");
  client kept(server, "GET /healthz HTTP/1.1\r\n\r\n");
  REQUIRE(server.run_until([&] { return holds(kept.got, "ok\n"); }, 2s));
  const auto begun = clock_type::now();
  server.stop.emit(asio::cancellation_type::terminal);
  REQUIRE(server.run_until([&] { return server.ended.has_value() && half.closed && kept.closed; }, 2s));
  CHECK(clock_type::now() - begun < 500ms);
  CHECK(server.ended->empty());
}

TEST_CASE("a loop that is thrown away with open connections leaves nothing behind") {
  asio::io_context outside;
  tcp::socket half_read(outside);
  tcp::socket idle(outside);
  auto server = std::make_unique<running_server>();
  half_read.connect(server->endpoint());
  asio::write(half_read, asio::buffer("GET / HT", 8));
  idle.connect(server->endpoint());
  server->run_until([] { return false; }, 50ms);
  server.reset();
  CHECK(server == nullptr);
}
