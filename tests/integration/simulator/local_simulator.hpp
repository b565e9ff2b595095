#pragma once
// A simulator on a port of this machine, and a client that asks it.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <map>
#include <string>
#include <thread>

#include "simulator/server.hpp"

namespace oes::sim {

struct test_setup {
  std::string clock_start = "2026-11-23T20:02:30+10:00";
  double clock_speed = 1;
  realism how{1, 0, 0, 0, 0};
  double fault_rate = 0;
  bool limit_rate = false;
  bool gzip = false;
  std::string served_log;
};

class local_simulator {
 public:
  explicit local_simulator(const test_setup& setup = {})
      : api_(api_settings{clock_settings{real_now(), *parse_utc(setup.clock_start), setup.clock_speed}, true, false,
                          false, true},
             make_world(network_time(std::chrono::local_days(std::chrono::year(2026) / 9 / 1))), setup.how,
             gate({{"test-key-community", plan_code::community, std::nullopt},
                   {"test-key-exhausted", plan_code::community, 0},
                   {"test-key-enterprise", plan_code::enterprise, std::nullopt}},
                  setup.limit_rate)),
        faults_(1, {{setup.fault_rate, {}}}),
        served_(setup.served_log),
        server_(io_, settings(setup), api_, faults_, served_),
        port_(server_.port()) {
    boost::asio::co_spawn(io_, server_.run(), [](const std::exception_ptr&) {});
    thread_ = std::thread([this] { io_.run(); });
  }
  ~local_simulator() {
    boost::asio::post(io_, [this] { server_.stop(); });
    thread_.join();
  }
  local_simulator(const local_simulator&) = delete;
  local_simulator& operator=(const local_simulator&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }

 private:
  static utc_time real_now() {
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  }
  static server_settings settings(const test_setup& setup) {
    server_settings s;
    s.gzip = setup.gzip;
    return s;
  }

  boost::asio::io_context io_;
  api api_;
  fault_desk faults_;
  served_log served_;
  server server_;
  std::uint16_t port_;
  std::thread thread_;
};

struct test_answer {
  int status = 0;  ///< 0: no complete answer; `failure` says why
  std::map<std::string, std::string> headers;
  std::string body;
  std::string failure;
};

/// One connection, kept alive. Every exchange has a deadline of 10 s.
class test_client {
 public:
  explicit test_client(std::uint16_t port) : stream_(io_) {
    stream_.socket().connect({boost::asio::ip::make_address("127.0.0.1"), port});
  }

  test_answer get(const std::string& target, const std::string& key = "",
                  std::map<std::string, std::string> more = {}) {
    if (!key.empty()) more["Authorization"] = "Bearer " + key;
    return ask("GET", target, "", more);
  }

  test_answer ask(const std::string& method, const std::string& target, const std::string& body,
                  const std::map<std::string, std::string>& headers) {
    namespace http = boost::beast::http;
    http::request<http::string_body> request(http::string_to_verb(method), target, 11, body);
    request.set(http::field::host, "127.0.0.1");
    for (const auto& [name, value] : headers) request.set(name, value);
    request.prepare_payload();
    boost::beast::error_code failed;
    stream_.expires_after(std::chrono::seconds(10));
    http::async_write(stream_, request, [&](boost::beast::error_code e, std::size_t) { failed = e; });
    io_.restart();
    io_.run();
    http::response_parser<http::string_body> parser;
    parser.body_limit(64U << 20U);
    if (!failed) {
      http::async_read(stream_, buffer_, parser, [&](boost::beast::error_code e, std::size_t) { failed = e; });
      io_.restart();
      io_.run();
    }
    test_answer answer;
    if (failed) {
      answer.failure = failed.message();
      return answer;
    }
    for (const auto& field : parser.get())
      answer.headers[std::string(field.name_string())] = std::string(field.value());
    answer.status = static_cast<int>(parser.get().result_int());
    answer.body = parser.get().body();
    return answer;
  }

 private:
  boost::asio::io_context io_;
  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
};

}  // namespace oes::sim
