#include "model/redactor.hpp"

#include <doctest/doctest.h>

using namespace oes;

namespace {

const std::string key = "oe_3Zk/Qm+9 tR\"xW7vLb2NcY5sD";
const redactor hide({key});

bool gives_away(const std::string& text) {
  for (std::size_t i = 0; i + 8 <= key.size(); ++i) {
    if (text.find(key.substr(i, 8)) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("G4: a secret is taken out wherever it stands, however it was cut") {
  CHECK(hide.clean("a " + key + " b") == "a *** b");
  CHECK(hide.clean(key + key) == "***");
  for (std::size_t cut = 8; cut < key.size(); ++cut) {
    CAPTURE(cut);
    CHECK(hide.clean("said: " + key.substr(0, cut)) == "said: ***");
    CHECK(hide.clean(key.substr(key.size() - cut) + " was said") == "*** was said");
  }
  CHECK(hide.clean("nothing in here, oe_ nor tR") == "nothing in here, oe_ nor tR");
  CHECK(redactor({"short"}).clean("a short text") == "a short text");
  CHECK(redactor().clean("any") == "any");
  CHECK(redactor({"kafka-password"}, redactor::finds::whole).clean("sasl.password: kafka-password") ==
        "sasl.password: ***");
}

TEST_CASE("G4: a secret is known in the encodings in which it is echoed") {
  const std::string base64 = "b2VfM1prL1FtKzkgdFIieFc3dkxiMk5jWTVzRA==";         // of the key
  const std::string with_user = "dXNlcjpvZV8zWmsvUW0rOSB0UiJ4Vzd2TGIyTmNZNXNE";  // of user:key
  const std::string one_before = "eG9lXzNaay9RbSs5IHRSInhXN3ZMYjJOY1k1c0Q=";     // of xkey
  for (const std::string& text :
       {base64, with_user, one_before, std::string("oe_3Zk%2FQm%2B9%20tR%22xW7vLb2NcY5sD"),
        std::string("oe_3Zk%2fQm%2b9%20tR%22xW7vLb2NcY5sD"), std::string(R"(oe_3Zk\/Qm+9 tR\"xW7vLb2NcY5sD)"),
        std::string(R"(oe_3Zk/Qm+9 tR\"xW7vLb2NcY5sD)")}) {
    const auto cleaned = hide.clean("Bearer " + text + "!");
    CAPTURE(cleaned);
    CHECK_FALSE(gives_away(cleaned));
    CHECK(cleaned.size() < 24);
  }
  std::string unicode, percent;
  for (const char c : key) {
    constexpr const char* digits = "0123456789abcdef";
    unicode += std::string("\\u00") + digits[c >> 4] + digits[c & 15];
    percent += std::string("%") + digits[c >> 4] + digits[c & 15];
  }
  CHECK(hide.clean("x" + unicode + "y") == "x***y");
  CHECK(hide.clean("x" + percent + "y") == "x***y");
}
