// Connections between requests, and several requests at a time.
#include <doctest/doctest.h>

#include <latch>

#include "fetch/http_client.hpp"
#include "running.hpp"
#include "scripted_server.hpp"

namespace oes::test {
namespace {

using namespace std::chrono_literals;
const std::string json = R"({"success":true})";

struct asker {
  explicit asker(const scripted_server& server, const fetch_settings& settings = patient_settings())
      : client(settings, *parse_base_url(server.base())) {}
  result<http_reply> ask() { return on.run(client.get("/v4/me")); }

  loop on;
  http_client client;
};

}  // namespace

TEST_CASE("one connection serves one request after another") {
  const scripted_server server([](peer& client) {
    while (!client.read_request().empty()) client.send(answer("200 OK", json));
  });
  asker by(server);
  for (int i = 0; i < 5; ++i) CHECK(by.ask()->status == 200);
  CHECK(server.connections() == 1);
}

TEST_CASE("a server's wish to close is respected") {
  const scripted_server server([](peer& client) {
    client.read_request();
    client.send(answer("200 OK", json, "Connection: close\r\n"));
    client.wait_for_close();
  });
  asker by(server);
  CHECK(by.ask()->status == 200);
  CHECK(by.ask()->status == 200);
  CHECK(server.connections() == 2);
}

TEST_CASE("a kept connection that the server closed meanwhile is replaced unnoticed") {
  std::latch closed(1);
  const scripted_server server([&](peer& client) {
    client.read_request();
    client.send(answer("200 OK", json));
    if (client.number == 0) closed.count_down();
  });
  asker by(server);
  CHECK(by.ask()->status == 200);
  closed.wait();
  CHECK(by.ask()->status == 200);
  CHECK(server.connections() == 2);
}

TEST_CASE("a connection that dies on the second request is retried once, on a new one") {
  std::atomic<int> requests = 0;
  const scripted_server server([&](peer& client) {
    client.read_request();
    ++requests;
    client.send(answer("200 OK", json));
    if (!client.read_request().empty()) ++requests;  // and hangs up without a word
  });
  asker by(server);
  CHECK(by.ask()->status == 200);
  CHECK(by.ask()->status == 200);
  CHECK(server.connections() == 2);
  CHECK(requests == 3);
}

TEST_CASE("a fresh connection that dies is not retried") {
  const scripted_server server([](peer& client) { client.read_request(); });
  asker by(server);
  const auto reply = by.ask();
  REQUIRE(reply.has_error());
  CHECK(reply.error().code == errc::network_error);
  CHECK(server.connections() == 1);
}

TEST_CASE("once an answer has begun nothing is asked twice") {
  const scripted_server server([](peer& client) {
    client.read_request();
    client.send(answer("200 OK", json));
    client.read_request();
    client.send("HTTP/1.1 200 OK\r\nContent-Le");
  });
  asker by(server);
  CHECK(by.ask()->status == 200);
  CHECK(by.ask().has_error());
  CHECK(server.connections() == 1);
}

TEST_CASE("bytes that nobody asked for end a connection") {
  const scripted_server server([](peer& client) {
    client.read_request();
    client.send(answer("200 OK", json) + "HTTP/1.1 200 OK\r\n");
    client.wait_for_close();
  });
  asker by(server);
  CHECK(by.ask()->status == 200);
  CHECK(by.ask()->status == 200);
  CHECK(server.connections() == 2);
}

TEST_CASE("a timed-out connection is not used again") {
  auto settings = patient_settings();
  settings.first_byte_timeout = 60ms;
  const scripted_server server([](peer& client) {
    client.read_request();
    if (client.number == 1) client.send(answer("200 OK", json));
    client.wait_for_close();
  });
  asker by(server, settings);
  CHECK(by.ask().has_error());
  CHECK(by.ask()->status == 200);
}

TEST_CASE("groups ask at the same time, four at most, the others in turn") {
  std::latch four(4);
  const scripted_server server([&](peer& client) {
    client.read_request();
    four.arrive_and_wait();
    do client.send(answer("200 OK", json));
    while (!client.read_request().empty());
  });
  asker by(server);
  using outcome = result<http_reply>;
  std::vector<std::optional<outcome>> outcomes(7);
  std::vector<std::exception_ptr> thrown(7);
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    boost::asio::co_spawn(by.on.io, by.client.get("/v4/me"), [&, i](const std::exception_ptr& e, outcome value) {
      thrown[i] = e;
      outcomes[i] = std::move(value);
    });
  }
  by.on.io.run_for(8s);
  for (const auto& one : outcomes) {
    REQUIRE(one.has_value());
    CHECK((*one)->status == 200);
  }
  CHECK(server.connections() == 4);
}

TEST_CASE("waiting for a free connection has its deadline") {
  auto settings = patient_settings();
  settings.total_timeout = 120ms;
  const scripted_server server([](peer& client) { client.wait_for_close(); });
  asker by(server, settings);
  using outcome = result<http_reply>;
  std::vector<std::string> contexts;
  for (int i = 0; i < 8; ++i) {
    boost::asio::co_spawn(by.on.io, by.client.get("/v4/me"), [&](const std::exception_ptr&, const outcome& value) {
      if (!value.has_error()) return;
      const auto code = value.error().code;  // connected and silent, or never connected
      if (code == errc::timed_out || code == errc::network_error) contexts.push_back(value.error().context);
    });
  }
  by.on.io.run_for(8s);
  CHECK(contexts.size() == 8);
}

TEST_CASE("a waiter that gives up leaves its place to the next") {
  std::latch busy(4);
  const scripted_server server([&](peer& client) {
    client.read_request();
    busy.arrive_and_wait();
    do client.send(answer("200 OK", json));
    while (!client.read_request().empty());
  });
  asker by(server);
  using outcome = result<http_reply>;
  int answered = 0;
  const auto count = [&](const std::exception_ptr&, const outcome& value) { answered += value.has_value() ? 1 : 0; };
  boost::asio::cancellation_signal stop;
  std::optional<outcome> given_up;
  for (int i = 0; i < 3; ++i) boost::asio::co_spawn(by.on.io, by.client.get("/v4/a"), count);
  by.on.io.poll();
  boost::asio::co_spawn(by.on.io, by.client.get("/v4/fourth"), count);
  boost::asio::co_spawn(
      by.on.io, by.client.get("/v4/waits"),
      boost::asio::bind_cancellation_slot(stop.slot(), [&](const std::exception_ptr& e, outcome value) {
        if (!e) given_up = std::move(value);
      }));
  boost::asio::co_spawn(by.on.io, by.client.get("/v4/next"), count);
  boost::asio::post(by.on.io, [&] { stop.emit(boost::asio::cancellation_type::terminal); });
  by.on.io.run_for(8s);
  REQUIRE(given_up.has_value());
  CHECK(given_up->error().code == errc::stopped);
  CHECK(answered == 5);
}

}  // namespace oes::test
