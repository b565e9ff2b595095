#include "records/rising_text.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <string>

using oes::rising_text;

TEST_CASE("the text of a rising number is its number, over carries, more digits and jumps") {
  rising_text text;
  for (std::int64_t number = 0; number < 12'000; ++number) REQUIRE(text.of(number) == std::to_string(number));
  for (const std::int64_t number : {5L, 6L, 99L, 100L, 100L, 7L, 1'795'428'000'999'999L, 1'795'428'001'000'000L,
                                    std::numeric_limits<std::int64_t>::max()}) {
    CHECK(text.of(number) == std::to_string(number));
  }
}
