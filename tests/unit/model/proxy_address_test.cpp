// The proxy's address as people write it.
#include <doctest/doctest.h>

#include "model/proxy_address.hpp"

using namespace oes;

TEST_CASE("host, port, user and password") {
  const auto plain = parse_proxy_address("http://proxy.example:3128");
  REQUIRE(plain.has_value());
  CHECK(plain->host == "proxy.example");
  CHECK(plain->port == 3128);
  CHECK(plain->user.empty());
  CHECK(text_of(*plain) == "proxy.example:3128");
  const auto login = parse_proxy_address("HTTP://me:p%40ss:w%25rd@[fd00::1]:8080/");
  REQUIRE(login.has_value());
  CHECK(login->user == "me");
  CHECK(login->password == "p@ss:w%rd");
  CHECK(login->host == "fd00::1");
  CHECK(text_of(*login) == "[fd00::1]:8080");
  CHECK(parse_proxy_address("proxy")->port == 80);
  CHECK(parse_proxy_address("http://u:raw@sign@proxy:1")->password == "raw@sign");
}

TEST_CASE("what is no such proxy is refused, and the text is not repeated") {
  for (const auto* text : {"", "http://", "http://:3128", "https://p:1", "socks5://p:1", "http://p:0", "http://p:x",
                           "http://p:99999", "http://a b:1", "http://secret%0d%0a:x@p:1", "http://secret%zz@p:1",
                           "http://:secret@p:1", "http://[zz]:1", "http://p:1/path", "http://[::1]x:1"}) {
    CAPTURE(text);
    const auto read = parse_proxy_address(text);
    REQUIRE(read.has_error());
    CHECK(read.error().code == errc::bad_config);
    CHECK(read.error().context.find("secret") == std::string::npos);
  }
}

TEST_CASE("shown without user and password") {
  CHECK(without_login("http://u:p@h:1", "*") == "http://*@h:1");
  CHECK(without_login("u:p@q@h", "*") == "*@h");
  CHECK(without_login("http://h:1", "*") == "http://h:1");
}
