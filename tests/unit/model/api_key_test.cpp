#include "model/api_key.hpp"

#include <doctest/doctest.h>

using namespace oes;

TEST_CASE("a file that cannot be used when the key is refused leaves the key, and is told until it can") {
  key_in_file there{"", "'key' is empty"};
  api_key key("old", [&there] { return there; });
  CHECK(key.problem().empty());
  CHECK_FALSE(key.renew());
  CHECK(key.text() == "old");
  CHECK(key.problem() == "'key' is empty");
  there = {"old", ""};
  CHECK_FALSE(key.renew());
  CHECK(key.problem().empty());
  there = {"new", ""};
  CHECK(key.renew());
  CHECK(key.text() == "new");
}
