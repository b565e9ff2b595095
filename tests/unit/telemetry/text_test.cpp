#include "telemetry/text.hpp"

#include <doctest/doctest.h>

using namespace oes;

TEST_CASE("G5: a terminal is not commanded by a text, nor a reader misled") {
  CHECK(escaped("a\xC2\x9B\x1b[2J\xE2\x80\xAE caf\xC3\xA9", quoting::none) == "a\\u009b\\u001b[2J\\u202e caf\xC3\xA9");
  CHECK(log_value("caf\xC3\xA9") == "caf\xC3\xA9");
  CHECK(log_value("a\xC2\x9B\"") == R"("a\u009b\"")");
  CHECK(html_escaped("\xE2\x80\xAE<caf\xC3\xA9\xff") == "\\u202e&lt;caf\xC3\xA9\xEF\xBF\xBD");
}

TEST_CASE("no text becomes markup") {
  CHECK(html_escaped("<a href=\"x\">'&'") == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;");
}
