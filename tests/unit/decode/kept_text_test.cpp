#include "decode/kept_text.hpp"

#include <doctest/doctest.h>

#include <string>

#include "decode/decode.hpp"
#include "fixture.hpp"

using namespace oes;

TEST_CASE("a text is kept up to 256 bytes") {
  CHECK(may_be_kept(std::string(256, 'x')));
  CHECK_FALSE(may_be_kept(std::string(257, 'x')));
}

TEST_CASE("G2: a label that holds a control character is refused by its name") {
  for (const auto* value : {R"(a\u0000b)", R"(a\u001bb)", R"(\u009b)", R"(\n)", R"(\u0085)"}) {
    CAPTURE(value);
    const auto decoded =
        decode(test::answered(R"({"data":[{"metric":"power","unit":"MW","results":[{"columns":{"fueltech":")" +
                              std::string(value) + R"("},"data":[]}]}]})"),
               network::nem);
    REQUIRE(decoded.has_error());
    CHECK(decoded.error().context.find("label 'fueltech' holds a") != std::string::npos);
  }
  CHECK(may_be_kept("T\xC3\xBCrlberg \xE2\x82\xAC"));
}

TEST_CASE("an answer that ends inside a UTF-8 sequence is malformed, not read past its end") {
  CHECK(decode(test::answered("{\"ver\":\"4.5.\xF3"), network::nem).error().code == errc::malformed);
  CHECK(error_text("{\"error\":\"\xE4 umlaut\"}") == "\xEF\xBF\xBD umlaut");
}
