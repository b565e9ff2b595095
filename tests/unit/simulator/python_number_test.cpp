#include "simulator/python_number.hpp"

#include <doctest/doctest.h>

using namespace oes::sim;

namespace {
std::string text(double value) {
  std::string out;
  append_python_number(out, value);
  return out;
}
}  // namespace

TEST_CASE("numbers print as Python's json prints floats") {
  CHECK(text(0.0) == "0.0");
  CHECK(text(-0.0) == "-0.0");
  CHECK(text(100.0) == "100.0");
  CHECK(text(27700.6052) == "27700.6052");
  CHECK(text(-45.12) == "-45.12");
  CHECK(text(2627174.5316) == "2627174.5316");
  CHECK(text(0.1 + 0.2) == "0.30000000000000004");
  CHECK(text(0.0001) == "0.0001");
  CHECK(text(0.00001) == "1e-05");
  CHECK(text(0.000012) == "1.2e-05");
  CHECK(text(1e15) == "1000000000000000.0");
  CHECK(text(1e16) == "1e+16");
  CHECK(text(1.5e100) == "1.5e+100");
  CHECK(text(123456789012345.6) == "123456789012345.6");
}

TEST_CASE("rounding keeps as many decimals as the API keeps") {
  CHECK(round_to(114.6416666, 6) == 114.641667);
  CHECK(round_to(22.7949, 2) == 22.79);
  CHECK(round_to(0.5, 0) == 0.0);
  CHECK(round_to(1.5, 0) == 2.0);
}
