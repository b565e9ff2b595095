// What the network and broken servers do to one request.
#include <doctest/doctest.h>
#include <zlib.h>

#include <latch>

#include "fetch/http_client.hpp"
#include "running.hpp"
#include "scripted_server.hpp"

namespace oes::test {
namespace {

using namespace std::chrono_literals;
const std::string sent_list = R"({"success":true,"data":[]})";

result<http_reply> ask(const scripted_server& server, const fetch_settings& settings = patient_settings()) {
  loop on;
  http_client client(settings, *parse_base_url(server.base()));
  return on.run(client.get("/v4/me"));
}

error fault_of(const scripted_server& server, const fetch_settings& settings = patient_settings()) {
  const auto reply = ask(server, settings);
  REQUIRE(reply.has_error());
  return reply.error();
}

script once(const std::string& bytes) {
  return [bytes](peer& client) {
    client.read_request();
    client.send(bytes);
  };
}

std::string gzipped(const std::string& text) {
  z_stream z{};
  deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&z, static_cast<uLong>(text.size())) + 64, '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return out;
}

}  // namespace

TEST_CASE("an answer arrives with its status, headers and body") {
  std::string head;
  const scripted_server server([&](peer& client) {
    head = client.read_request();
    client.send(answer("429 Too Many", sent_list, "Retry-After: 7\r\nDate: Mon, 23 Nov 2026 00:00:00 GMT\r\n"));
  });
  const auto reply = ask(server);
  REQUIRE(reply.has_value());
  CHECK(reply->status == 429);
  CHECK(reply->reason == "Too Many");
  CHECK(reply->retry_after == "7");
  CHECK(reply->date == "Mon, 23 Nov 2026 00:00:00 GMT");
  CHECK(reply->content_type == "application/json");
  CHECK(reply->body == sent_list);
  CHECK(head.starts_with("GET /v4/me HTTP/1.1\r\n"));
}

TEST_CASE("bodies without an announced length arrive whole") {
  const scripted_server chunked(
      once("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"a\"\r\n3\r\n:1}\r\n0\r\n\r\n"));
  CHECK(ask(chunked)->body == "{\"a\":1}");
  const scripted_server until_close(once("HTTP/1.0 200 OK\r\n\r\n" + sent_list));
  CHECK(ask(until_close)->body == sent_list);
  const scripted_server empty(once("HTTP/1.1 204 No Content\r\n\r\n"));
  CHECK(ask(empty)->status == 204);
}

TEST_CASE("an interim answer is not the answer") {
  const scripted_server server(once("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + answer("200 OK", sent_list)));
  CHECK(ask(server)->status == 200);
  CHECK(ask(server)->body == sent_list);
}

TEST_CASE("a gzip body is inflated, with and without a length") {
  const std::string text = "{\"long\":\"" + std::string(300000, 'x') + "\"}";
  const std::string packed = gzipped(text);
  const scripted_server counted(once(answer("200 OK", packed, "Content-Encoding: gzip\r\n")));
  CHECK(ask(counted)->body == text);
  std::string chunks = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (const char c : packed) chunks += std::string("1\r\n") + c + "\r\n";
  const scripted_server chunked(once(chunks + "0\r\n\r\n"));
  CHECK(ask(chunked)->body == text);
}

TEST_CASE("a gzip body that lies about its end is not an answer") {
  const std::string packed = gzipped(sent_list);
  const scripted_server server(
      once(answer("200 OK", packed.substr(0, packed.size() - 3), "Content-Encoding: gzip\r\n")));
  const auto fault = fault_of(server);
  CHECK(fault.code == errc::network_error);
  CHECK(fault.context == "the gzip body ends too early");
}

TEST_CASE("caps hold on header, body and inflated body") {
  auto settings = patient_settings();
  settings.max_header_bytes = 1000;
  settings.max_body_bytes = 2000;
  settings.max_inflated_bytes = 5000;
  const auto code_for = [&](const std::string& bytes) {
    const scripted_server server(once(bytes));
    return fault_of(server, settings).code;
  };
  CHECK(code_for(answer("200 OK", sent_list, "X: " + std::string(2000, 'x') + "\r\n")) == errc::too_large);
  CHECK(code_for("HTTP/1.1 200 OK\r\nX: " + std::string(500000, 'x')) == errc::too_large);
  CHECK(code_for(answer("200 OK", std::string(2001, ' '))) == errc::too_large);
  CHECK(code_for("HTTP/1.0 200 OK\r\n\r\n" + std::string(2001, ' ')) == errc::too_large);
  CHECK(code_for("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfff\r\n" + std::string(4095, ' ')) ==
        errc::too_large);
  CHECK(code_for(answer("200 OK", gzipped(std::string(1000000, 'a')), "Content-Encoding: gzip\r\n")) ==
        errc::too_large);
  const scripted_server just_fits(once(answer("200 OK", std::string(2000, ' '))));
  CHECK(ask(just_fits, settings)->body.size() == 2000);
}

TEST_CASE("a cut answer is the network's fault, wherever it is cut") {
  const auto code_for = [](const std::string& bytes) {
    const scripted_server server(once(bytes));
    return fault_of(server).code;
  };
  CHECK(code_for("") == errc::network_error);
  CHECK(code_for("HTTP/1.1 20") == errc::network_error);
  CHECK(code_for("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"a\"") == errc::network_error);
  CHECK(code_for("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{\"a\"") == errc::network_error);
  CHECK(code_for("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"a\"\r\n") == errc::network_error);
  CHECK(code_for("not HTTP at all\r\n\r\n") == errc::network_error);
  const scripted_server reset([](peer& client) {
    client.read_request();
    client.send("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"a\"");
    client.end_with_reset();
  });
  CHECK(fault_of(reset).code == errc::network_error);
}

TEST_CASE("nobody listening is a network error that names the address") {
  std::uint16_t port = 0;
  {
    const scripted_server gone([](peer&) {});
    port = gone.port();
  }
  loop on;
  http_client client(patient_settings(), *parse_base_url("http://127.0.0.1:" + std::to_string(port)));
  const auto reply = on.run(client.get("/"));
  REQUIRE(reply.has_error());
  CHECK(reply.error().code == errc::unreachable);
  CHECK(reply.error().context == "connect to 127.0.0.1:" + std::to_string(port) + ": Connection refused");
}

TEST_CASE("a host of several addresses is reached by the one that answers") {
  const scripted_server server(once(answer("200 OK", sent_list)));
  loop on;
  const auto two = [&](const std::string&, std::uint16_t port, boost::system::error_code&) {
    return endpoints{{boost::asio::ip::make_address("127.0.0.1"), 1},
                     {boost::asio::ip::make_address("127.0.0.1"), port}};
  };
  http_client client(patient_settings(), *parse_base_url("http://api.test:" + std::to_string(server.port())), two);
  CHECK(on.run(client.get("/"))->status == 200);
}

TEST_CASE("a name that does not resolve") {
  loop on;
  const auto none = [](const std::string&, std::uint16_t, boost::system::error_code& ec) {
    ec = boost::asio::error::host_not_found;
    return endpoints{};
  };
  http_client client(patient_settings(), *parse_base_url("https://api.test"), none);
  const auto reply = on.run(client.get("/"));
  REQUIRE(reply.has_error());
  CHECK(reply.error().code == errc::unreachable);
  CHECK(reply.error().context.starts_with("resolve api.test: "));
}

TEST_CASE("the system's resolver finds localhost") {
  const scripted_server server(once(answer("200 OK", sent_list)));
  loop on;
  http_client client(patient_settings(), *parse_base_url("http://localhost:" + std::to_string(server.port())));
  CHECK(on.run(client.get("/"))->status == 200);
}

TEST_CASE("a slow name service costs the connect time and no more") {
  auto settings = patient_settings();
  settings.connect_timeout = 50ms;
  auto forever = std::make_shared<std::latch>(1);
  const auto slow = [forever](const std::string&, std::uint16_t, boost::system::error_code&) {
    forever->wait();
    return endpoints{};
  };
  {
    loop on;
    http_client client(settings, *parse_base_url("http://api.test"), slow);
    const auto reply = on.run(client.get("/"));
    REQUIRE(reply.has_error());
    CHECK(reply.error().code == errc::unreachable);
  }
  forever->count_down();  // the lookup ends after its loop has gone
}

TEST_CASE("a slow first byte is timed out by its own deadline") {
  auto settings = patient_settings();
  settings.first_byte_timeout = 80ms;
  bool closed = false;
  {
    const scripted_server server([&](peer& client) {
      client.read_request();
      closed = client.wait_for_close();
    });
    const auto fault = fault_of(server, settings);
    CHECK(fault.code == errc::timed_out);
    CHECK(fault.context == "wait for the answer: not in time");
  }
  CHECK(closed);
}

TEST_CASE("a body that drips is ended by the total deadline") {
  auto settings = patient_settings();
  settings.total_timeout = 150ms;
  settings.first_byte_timeout = 100ms;
  const scripted_server server([](peer& client) {
    client.read_request();
    client.send("HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n{");
    while (client.send(" ")) std::this_thread::yield();
  });
  const auto fault = fault_of(server, settings);
  CHECK(fault.code == errc::timed_out);
  CHECK(fault.context == "read the answer: not in time");
}

TEST_CASE("a large answer arrives in one piece") {
  const std::string text = "[\"" + std::string(20UL << 20U, 'x') + "\"]";
  const scripted_server server(once(answer("200 OK", text)));
  const auto reply = ask(server);
  REQUIRE(reply.has_value());
  CHECK(reply->body.size() == text.size());
  CHECK(reply->body == text);
}

}  // namespace oes::test
