// What a token command prints.
#include "kafka/oauth_token.hpp"

#include <doctest/doctest.h>

using namespace oes;

namespace {

constexpr utc_time now{std::chrono::seconds(1'700'000'000)};
// {"alg":"none"} . {"sub":"grid","exp":1700000600}
constexpr auto jwt = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJncmlkIiwiZXhwIjoxNzAwMDAwNjAwfQ.";

std::string why(std::string_view printed) {
  const auto read = read_oauth_token(printed, now);
  REQUIRE(read.has_error());
  CHECK(read.error().code == errc::malformed);
  CHECK(read.error().context.find("secret") == std::string::npos);
  return read.error().context;
}

}  // namespace

TEST_CASE("a JWT tells itself who it is for and how long it holds") {
  const auto read = read_oauth_token(std::string(jwt) + "\n", now);
  REQUIRE(read.has_value());
  CHECK(read->text == jwt);
  CHECK(read->principal == "grid");
  CHECK(read->expires == now + std::chrono::seconds(600));
}

TEST_CASE("the answer of a token endpoint says how long it holds, else its JWT does") {
  const auto opaque =
      read_oauth_token(R"({"access_token": "secret-1", "expires_in": 300, "token_type": "Bearer"})", now);
  REQUIRE(opaque.has_value());
  CHECK(opaque->text == "secret-1");
  CHECK(opaque->principal == "unknown");
  CHECK(opaque->expires == now + std::chrono::seconds(300));
  const auto inside = read_oauth_token(R"({"access_token": ")" + std::string(jwt) + "\"}", now);
  REQUIRE(inside.has_value());
  CHECK(inside->expires == now + std::chrono::seconds(600));
}

TEST_CASE("what is no token is refused, and never repeated") {
  CHECK(why(" \n") == "it prints nothing");
  CHECK(why("secret token") == "it prints more than one token");
  CHECK(why("secret").starts_with("it does not tell when the token expires"));
  CHECK(why("secret.!!!.x").starts_with("it does not tell when"));
  CHECK(why("{secret").starts_with("what it prints begins like JSON"));
  CHECK(why(R"({"expires_in": 5})").find("access_token") != std::string::npos);
  CHECK(why(R"({"access_token": "secret", "expires_in": -5})").starts_with("it does not tell when"));
  CHECK(why(R"({"access_token": "secret", "expires_in": 0.5})") == "the token that it prints has expired");
}
