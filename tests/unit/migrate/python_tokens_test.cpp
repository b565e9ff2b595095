// The pieces of a script.
#include <doctest/doctest.h>

#include <string>

#include "migrate/python_tokens.hpp"

using namespace oes;

namespace {

std::string pieces(std::string_view source) {
  const python_tokens tokens(source);
  std::string out;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    out += (out.empty() ? "" : " ") + std::string(tokens[i].is == python_token::kind::line_end ? "$" : tokens.text(i));
  }
  return out;
}

}  // namespace

TEST_CASE("a statement ends with its line, but within brackets and behind a backslash") {
  CHECK(pieces("\n\na = 1 # x\n# y\nb = [\n 1,\n]\nc \\\r\n= 2") == "a = 1 $ b = [ 1 , ] $ c = 2");
  CHECK(pieces("\xEF\xBB\xBF"
               "a.b(**c)|=d==1e-3") == "a . b ( ** c ) |= d == 1e-3");
}

TEST_CASE("strings are one piece, whatever stands in them") {
  CHECK(pieces("x=r'#\\'' \"\"\"a\n'b\"\"\" rb'c'") == "x = r'#\\'' \"\"\"a\n'b\"\"\" rb'c'");
  const python_tokens broken("'it\nx = '''y\n\\");
  CHECK(broken[0].is == python_token::kind::broken_string);
  CHECK(broken[4].is == python_token::kind::broken_string);
  CHECK(broken[4].line == 2);
  CHECK(broken.first_broken_string() == 0);
}

TEST_CASE("brackets know theirs; those that do not fit have none") {
  const python_tokens tokens("( [ ) ] }");
  CHECK(tokens[1].partner == 3);
  CHECK(tokens[3].partner == 1);
  CHECK(tokens[0].partner == python_token::nowhere);
  CHECK(tokens[4].partner == python_token::nowhere);
}

TEST_CASE("a piece knows line and indentation of its statement") {
  const python_tokens tokens("if x:\n    a = {\n  'b': 1}\n");
  CHECK(tokens[4].indent == 4);
  CHECK(tokens[7].line == 3);
  CHECK(tokens[7].indent == 4);
}
