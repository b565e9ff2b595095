#include "simulator/python_number.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>

namespace oes::sim {
namespace {

// Digits and decimal exponent of the shortest text that reads back equal.
struct shortest {
  std::array<char, 20> digits{};
  int count = 0;
  int exponent = 0;
};

shortest shortest_digits(double magnitude) {
  std::array<char, 40> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), magnitude, std::chars_format::scientific).ptr;
  shortest result;
  const char* at = text.data();
  for (; at != end && *at != 'e'; ++at) {
    if (*at != '.') result.digits[static_cast<std::size_t>(result.count++)] = *at;
  }
  if (at != end) ++at;
  if (at != end && *at == '+') ++at;
  std::from_chars(at, end, result.exponent);
  return result;
}

void append_exponent_form(std::string& out, const shortest& s, std::string_view digits) {
  out += digits[0];
  if (digits.size() > 1) out.append(".").append(digits.substr(1));
  out += 'e';
  out += s.exponent < 0 ? '-' : '+';
  const int magnitude = std::abs(s.exponent);
  if (magnitude < 10) out += '0';
  out += std::to_string(magnitude);
}

}  // namespace

void append_python_number(std::string& out, double value) {
  if (std::signbit(value)) out += '-';
  const double magnitude = std::fabs(value);
  if (magnitude == 0.0) {
    out += "0.0";
    return;
  }
  const shortest s = shortest_digits(magnitude);
  const std::string_view digits(s.digits.data(), static_cast<std::size_t>(s.count));
  if (s.exponent < -4 || s.exponent >= 16) {
    append_exponent_form(out, s, digits);
  } else if (s.exponent < 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-s.exponent - 1), '0').append(digits);
  } else if (const auto whole = static_cast<std::size_t>(s.exponent) + 1; digits.size() > whole) {
    out.append(digits.substr(0, whole)).append(".").append(digits.substr(whole));
  } else {
    out.append(digits).append(whole - digits.size(), '0').append(".0");
  }
}

double round_to(double value, int decimals) {
  constexpr std::array<double, 7> scales{1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
  const double scale = scales[static_cast<std::size_t>(decimals)];
  return std::nearbyint(value * scale) / scale;
}

}  // namespace oes::sim
