#include "model/utf8.hpp"

#include <doctest/doctest.h>

using namespace oes;

TEST_CASE("UTF-8 is what RFC 3629 says") {
  for (const auto* good : {"", "a", "\xC3\xA4", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\xEF\xBF\xBF", "\xED\x9F\xBF"}) {
    CHECK(is_utf8(good));
  }
  for (const auto* bad : {"\xFF", "\x80", "\xC3", "\xC0\xAF", "\xE2\x82", "\xE0\x80\xAF", "\xED\xA0\x80",
                          "\xF0\x80\x80\xAF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xC3\x28", "a\xF3"}) {
    CHECK_FALSE(is_utf8(bad));
  }
  CHECK(first_character("\xF0\x9F\x98\x80x").code == 0x1F600);
  CHECK(first_character("\xE2\x82\xAC").code == 0x20AC);
  CHECK(first_character("\xC3\xA4").code == 0xE4);
}

TEST_CASE("G1: what is no text for a person is told by its kind") {
  CHECK_FALSE(fault_of_text("Wind, caf\xC3\xA9 (\xE2\x82\xAC)"));
  CHECK(fault_of_text("caf\xE9") == "is not UTF-8");
  CHECK(fault_of_text("wi\xFFnd") == "is not UTF-8");
  CHECK(fault_of_text("a\x1b[2J") == "holds a control character (U+001B)");
  CHECK(fault_of_text(std::string_view("a\0b", 3)) == "holds a control character (U+0000)");
  CHECK(fault_of_text("a\xC2\x9B") == "holds a control character (U+009B)");
  CHECK(fault_of_text("two\nlines") == "holds a control character (U+000A)");
  CHECK(fault_of_text("a\xE2\x80\xAE") == "holds an invisible or direction character (U+202E)");
}

TEST_CASE("G5: control and direction characters are shown, other text stays") {
  CHECK(printable("caf\xC3\xA9 \xE2\x82\xAC") == "caf\xC3\xA9 \xE2\x82\xAC");
  CHECK(printable("a\x1b[31m\xC2\x9B\n") == "a\\u001b[31m\\u009b\\n");
  CHECK(printable("\xE2\x80\xAE"
                  "abc") == "\\u202eabc");
  CHECK(printable("caf\xE9!") == "caf\xEF\xBF\xBD!");
  CHECK(one_line("  a \r\n b\t") == "a b");
}

TEST_CASE("a text is cut between characters, and says so") {
  CHECK(printable("abcdef", 6) == "abcdef");
  CHECK(printable("abcdefg", 6) == "abc...");
  CHECK(printable("ab\xC3\xA9\xC3\xA9\xC3\xA9", 7) == "ab\xC3\xA9...");
  CHECK(printable("\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9", 6) == "\xC3\xA9...");
  CHECK(printable("abc", 2) == "ab");
  CHECK(printable("\x1b\x1b", 8).size() <= 8);
  CHECK(one_line(std::string(1000, 'x'), 300).size() == 300);
}
