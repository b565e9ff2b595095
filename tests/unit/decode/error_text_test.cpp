#include <doctest/doctest.h>

#include "decode/decode.hpp"
#include "fixture.hpp"

using namespace oes;
using oes::test::fixture_body;

TEST_CASE("the reason is found in both shapes of error bodies") {
  CHECK(error_text(fixture_body("err_400_network")) == "Network nem not supported");
  CHECK(error_text(fixture_body("err_401_unknown")) == "Authentication failed");
  CHECK(error_text(fixture_body("err_404_route")) == "Not Found");
  CHECK(error_text(fixture_body("err_503_maintenance")) == "Maintenance Mode");
  CHECK(error_text(fixture_body("err_422_date")) ==
        "date_start 'yesterday': Input should be a valid datetime or date, input is too short");
  const auto long_one = error_text(fixture_body("err_422_metric"));
  CHECK(long_one.rfind("metrics 'bogus': Input should be 'power'", 0) == 0);
}

TEST_CASE("details in other shapes") {
  CHECK(error_text(R"({"detail":{"msg":"no","code":7}})") == "no");
  CHECK(error_text(R"({"detail":["one","two"]})") == "one; two");
  CHECK(error_text(R"({"detail":[{"msg":"one"},{"msg":"two","ctx":{"error":"why"}}]})") == "one; two");
  CHECK(error_text(R"({"error":null,"detail":"a\nb\u0000\t c"})") == "a b c");
  CHECK(error_text(R"({"error":"first","detail":"second"})") == "first");
}

TEST_CASE("what has no reason gives none") {
  CHECK(error_text("").empty());
  CHECK(error_text("<html><body>502</body></html>").empty());
  CHECK(error_text("[]").empty());
  CHECK(error_text(R"("OK")").empty());
  CHECK(error_text(std::string(2'000'000, ' ') + R"({"error":"x"})").empty());
}

TEST_CASE("a reason is one line, whole, and stays UTF-8") {
  std::string umlauts;
  for (int i = 0; i < 400; ++i) umlauts += "\xC3\xA4";
  CHECK(error_text(R"({"error":")" + umlauts + "\"}") == umlauts);
  CHECK(error_text(R"({"error":"a\n\tb"})") == "a b");
}

TEST_CASE("G5: control and direction characters in a reason are escaped, other text is kept") {
  CHECK(error_text(R"({"error":"caf\u00e9 \u009b31m \u202e x"})") == "caf\xC3\xA9 \\u009b31m \\u202e x");
  CHECK(error_text("{\"error\":\"caf\xE9\"}") == "caf\xEF\xBF\xBD");
}
