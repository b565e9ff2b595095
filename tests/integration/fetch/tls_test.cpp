// Who is talked to, and who is not.
#include <doctest/doctest.h>

#include "certificates.hpp"
#include "fetch/http_client.hpp"
#include "running.hpp"
#include "scripted_server.hpp"

namespace oes::test {
namespace {

using namespace std::chrono_literals;
const std::string plain_answer = R"({"success":true})";

endpoints here(const std::string& /*host*/, std::uint16_t port, boost::system::error_code& /*ec*/) {
  return {{boost::asio::ip::address_v4::loopback(), port}};
}

void serve_all(peer& client) {
  while (!client.read_request().empty()) client.send(answer("200 OK", plain_answer));
}

result<http_reply> ask(const scripted_server& server, const std::string& host, const std::string& ca_file,
                       fetch_settings settings = patient_settings()) {
  loop on;
  settings.ca_file = ca_file;
  http_client client(settings, *parse_base_url("https://" + host + ":" + std::to_string(server.port())), here);
  return on.run(client.get("/"));
}

std::string refusal(const result<http_reply>& reply) {
  REQUIRE(reply.has_error());
  CHECK((reply.error().code == errc::unreachable || reply.error().code == errc::network_error));
  return reply.error().context;
}

}  // namespace

TEST_CASE("a server that a trusted authority vouches for is talked to") {
  const authority_of_the_day authority;
  const auto tls = authority.server_for("DNS:api.test,IP:127.0.0.1");
  const scripted_server server(serve_all, tls.get());
  CHECK(ask(server, "api.test", authority.file())->body == plain_answer);
  CHECK(ask(server, "127.0.0.1", authority.file())->body == plain_answer);
}

TEST_CASE("another host's certificate is refused") {
  const authority_of_the_day authority;
  const auto tls = authority.server_for("DNS:other.test");
  const scripted_server server(serve_all, tls.get());
  CHECK(refusal(ask(server, "api.test", authority.file())).find("hostname mismatch") != std::string::npos);
  CHECK(refusal(ask(server, "127.0.0.1", authority.file())).find("IP address mismatch") != std::string::npos);
}

TEST_CASE("G6: a certificate that names its host in the common name alone is refused") {
  const authority_of_the_day authority;
  const auto tls = authority.server_by_common_name("api.test");
  const scripted_server server(serve_all, tls.get());
  CHECK(refusal(ask(server, "api.test", authority.file())).find("hostname mismatch") != std::string::npos);
  const auto by_address = authority.server_by_common_name("127.0.0.1");
  const scripted_server other(serve_all, by_address.get());
  CHECK(refusal(ask(other, "127.0.0.1", authority.file())).find("IP address mismatch") != std::string::npos);
}

TEST_CASE("certificates of strangers, of nobody and of the past are refused") {
  const authority_of_the_day trusted;
  const authority_of_the_day stranger;
  for (const auto& tls : {stranger.server_for("DNS:api.test"), self_signed_server("DNS:api.test"),
                          trusted.server_for("DNS:api.test", -1)}) {
    bool spoken = false;
    {
      const scripted_server server([&](peer& client) { spoken = !client.read_request().empty(); }, tls.get());
      CHECK(refusal(ask(server, "api.test", trusted.file())).find("certificate not trusted: ") != std::string::npos);
    }
    CHECK_FALSE(spoken);  // no request, and so no key, went to it
  }
}

TEST_CASE("the system's trust store does not know our authority") {
  const authority_of_the_day authority;
  const auto tls = authority.server_for("DNS:api.test");
  const scripted_server server(serve_all, tls.get());
  CHECK(refusal(ask(server, "api.test", "")).find("certificate not trusted: ") != std::string::npos);
}

TEST_CASE("TLS older than 1.2 is refused") {
  const authority_of_the_day authority;
  const auto tls = authority.server_for("DNS:api.test");
  SSL_CTX_set_security_level(tls->native_handle(), 0);
  SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(tls->native_handle(), TLS1_1_VERSION);
  const scripted_server server(serve_all, tls.get());
  refusal(ask(server, "api.test", authority.file()));
}

TEST_CASE("TLS 1.2 is good enough") {
  const authority_of_the_day authority;
  const auto tls = authority.server_for("DNS:api.test");
  SSL_CTX_set_max_proto_version(tls->native_handle(), TLS1_2_VERSION);
  const scripted_server server(serve_all, tls.get());
  CHECK(ask(server, "api.test", authority.file())->status == 200);
}

TEST_CASE("plain text on the TLS port is an error, never a fallback") {
  std::string heard;
  {
    const scripted_server server([&](peer& client) {
      heard = client.read_request();
      client.send(answer("200 OK", plain_answer));
    });
    const authority_of_the_day authority;
    auto settings = patient_settings();
    settings.connect_timeout = 200ms;
    loop on;
    settings.ca_file = authority.file();
    http_client client(settings, *parse_base_url("https://api.test:" + std::to_string(server.port())), here);
    CHECK(on.run(client.get("/", "secret")).has_error());
    CHECK(server.connections() == 1);
  }
  CHECK(heard.find("secret") == std::string::npos);
}

TEST_CASE("a TLS body that ends without a goodbye is cut, even where no length was announced") {
  const authority_of_the_day authority;
  const auto tls = authority.server_for("DNS:api.test");
  const scripted_server server(
      [](peer& client) {
        client.read_request();
        client.send("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{\"success\":true}");
      },
      tls.get());
  CHECK(refusal(ask(server, "api.test", authority.file())).find("closed too early") != std::string::npos);
}

TEST_CASE("a handshake that never comes is a connect timeout") {
  const authority_of_the_day authority;
  const scripted_server server([](peer& client) { client.wait_for_close(); });
  auto settings = patient_settings();
  settings.connect_timeout = 60ms;
  const auto reply = ask(server, "api.test", authority.file(), settings);
  REQUIRE(reply.has_error());
  CHECK(reply.error().code == errc::unreachable);
  CHECK(reply.error().context.starts_with("TLS handshake with api.test:"));
}

TEST_CASE("a TLS connection is kept for the next request") {
  const authority_of_the_day authority;
  const auto tls = authority.server_for("DNS:api.test");
  const scripted_server server(serve_all, tls.get());
  auto settings = patient_settings();
  settings.ca_file = authority.file();
  loop on;
  http_client client(settings, *parse_base_url("https://api.test:" + std::to_string(server.port())), here);
  for (int i = 0; i < 3; ++i) CHECK(on.run(client.get("/"))->status == 200);
  CHECK(server.connections() == 1);
}

TEST_CASE("a large body over TLS arrives whole") {
  const std::string text = "[\"" + std::string(8UL << 20U, 'x') + "\"]";
  const authority_of_the_day authority;
  const auto tls = authority.server_for("DNS:api.test");
  const scripted_server server(
      [&](peer& client) {
        client.read_request();
        client.send(answer("200 OK", text));
      },
      tls.get());
  CHECK(ask(server, "api.test", authority.file())->body == text);
}

TEST_CASE("a trust file that is none stops the start") {
  auto settings = patient_settings();
  settings.ca_file = "/nonexistent/ca.pem";
  CHECK_THROWS_AS(http_client(settings, *parse_base_url("https://api.test")), failure);
}

}  // namespace oes::test
