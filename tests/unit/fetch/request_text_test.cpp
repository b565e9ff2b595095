#include <doctest/doctest.h>

#include "fetch/http_client.hpp"
#include "model/version.hpp"

namespace oes {

TEST_CASE("a request says who asks, for what, and how it may be packed") {
  fetch_settings settings;
  const auto url = *parse_base_url("http://127.0.0.1:8080/v4");
  CHECK(request_text("/v4/me", url, "oe_secret", settings) ==
        "GET /v4/me HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nAuthorization: Bearer oe_secret\r\nAccept: application/json\r\n"
        "User-Agent: openelectricity-stream/" +
            std::string(version()) + "\r\nCache-Control: no-cache\r\nAccept-Encoding: gzip\r\n\r\n");
}

TEST_CASE("without a key there is no Authorization, without gzip no gzip") {
  fetch_settings settings;
  settings.gzip = false;
  const auto text = request_text("/me", *parse_base_url("https://host"), "", settings);
  CHECK(text.find("Authorization") == std::string::npos);
  CHECK(text.find("gzip") == std::string::npos);
  CHECK(text.find("Host: host\r\n") != std::string::npos);
}

}  // namespace oes
