#include "decode/kept_text.hpp"

#include <doctest/doctest.h>

#include <string>

#include "decode/decode.hpp"
#include "fixture.hpp"

using namespace oes;

TEST_CASE("UTF-8 is what RFC 3629 says") {
  for (const auto* good : {"", "a", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xEF\xBF\xBF", "\xED\x9F\xBF"}) {
    CHECK(is_utf8(good));
  }
  for (const auto* bad : {"\xFF", "\x80", "\xC3", "\xC0\xAF", "\xE2\x82", "\xE0\x80\xAF", "\xED\xA0\x80",
                          "\xF0\x80\x80\xAF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xC3\x28", "a\xF3"}) {
    CHECK_FALSE(is_utf8(bad));
  }
}

TEST_CASE("a text is kept up to 256 bytes") {
  CHECK(may_be_kept(std::string(256, 'x')));
  CHECK_FALSE(may_be_kept(std::string(257, 'x')));
}

TEST_CASE("an answer that ends inside a UTF-8 sequence is malformed, not read past its end") {
  CHECK(decode(test::answered("{\"ver\":\"4.5.\xF3"), network::nem).error().code == errc::malformed);
  CHECK(error_text("{\"error\":\"\xE4 umlaut\"}") == "? umlaut");
}
