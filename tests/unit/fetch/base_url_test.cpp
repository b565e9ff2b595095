#include "fetch/base_url.hpp"

#include <doctest/doctest.h>

namespace oes {
namespace {

std::string complaint(std::string_view text) {
  const auto url = parse_base_url(text);
  if (!url.has_error()) return "accepted";
  CHECK(url.error().code == errc::bad_config);
  return url.error().context;
}

}  // namespace

TEST_CASE("the API's own address is understood") {
  const auto url = parse_base_url("https://api.openelectricity.org.au/v4");
  REQUIRE(url.has_value());
  CHECK(*url == base_url{url_scheme::https, "api.openelectricity.org.au", 443, "/v4"});
  CHECK(host_header(*url) == "api.openelectricity.org.au");
  CHECK(host_and_port(*url) == "api.openelectricity.org.au:443");
}

TEST_CASE("an address without a scheme means https") {
  CHECK(parse_base_url("API.example.org")->scheme == url_scheme::https);
  CHECK(parse_base_url("API.example.org")->host == "api.example.org");
  CHECK(parse_base_url("localhost:8080/v4")->port == 8080);
}

TEST_CASE("slashes at the end of the prefix do not double in a path") {
  CHECK(parse_base_url("https://host/v4/")->path == "/v4");
  CHECK(parse_base_url("https://host//")->path.empty());
  CHECK(parse_base_url("https://host/a/b")->path == "/a/b");
}

TEST_CASE("plain http with a port, as a simulator has it") {
  const auto url = parse_base_url("http://127.0.0.1:18080/v4");
  REQUIRE(url.has_value());
  CHECK(url->scheme == url_scheme::http);
  CHECK(host_header(*url) == "127.0.0.1:18080");
  CHECK(host_header(*parse_base_url("http://127.0.0.1")) == "127.0.0.1");
  CHECK(host_header(*parse_base_url("http://h:443")) == "h:443");
}

TEST_CASE("an IPv6 address keeps its brackets on the wire only") {
  const auto url = parse_base_url("http://[::1]:8080/v4");
  REQUIRE(url.has_value());
  CHECK(url->host == "::1");
  CHECK(url->port == 8080);
  CHECK(host_header(*url) == "[::1]:8080");
  CHECK(parse_base_url("https://[2001:DB8::1]")->host == "2001:db8::1");
}

TEST_CASE("loopback is recognised by name and by address") {
  for (const auto* const text : {"http://localhost:1", "http://127.0.0.1", "http://127.9.9.9", "http://[::1]/x"}) {
    CHECK_MESSAGE(is_loopback(*parse_base_url(text)), text);
  }
  for (const auto* const text : {"http://example.org", "http://10.0.0.1", "http://127.example.org"}) {
    CHECK_FALSE_MESSAGE(is_loopback(*parse_base_url(text)), text);
  }
}

TEST_CASE("a wrong address is refused with the reason") {
  CHECK(complaint("ftp://host") == "only https:// and http:// are understood");
  CHECK(complaint("") == "the host is missing");
  CHECK(complaint("https:///v4") == "the host is missing");
  CHECK(complaint("https://ho st/") == "not a host name");
  CHECK(complaint("https://host:0") == "the port must be a number from 1 to 65535");
  CHECK(complaint("https://host:65536") == "the port must be a number from 1 to 65535");
  CHECK(complaint("https://host:") == "the port must be a number from 1 to 65535");
  CHECK(complaint("https://host:1:2") == "the port must be a number from 1 to 65535");
  CHECK(complaint("https://[::1") == "the IPv6 address has no closing bracket");
  CHECK(complaint("https://[nonsense]") == "not an IPv6 address between the brackets");
  CHECK(complaint("https://host/a b").find("encoded") != std::string::npos);
  CHECK(complaint("https://host/a\r\nX: y").find("encoded") != std::string::npos);
  CHECK(complaint("https://host/v4?x=1").find("query") != std::string::npos);
}

TEST_CASE("credentials in the address are refused and not repeated") {
  const auto text = complaint("https://me:hunter2@host/v4");
  CHECK(text.find("user name") != std::string::npos);
  CHECK(text.find("hunter2") == std::string::npos);
}

}  // namespace oes
