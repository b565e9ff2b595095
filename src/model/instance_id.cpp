#include "model/instance_id.hpp"

namespace oes {
namespace {

constexpr std::size_t random_digits = 8;

bool all_of(std::string_view text, std::string_view allowed) {
  return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

}  // namespace

std::string instance_id(std::string_view host, int process, std::string_view random) {
  return std::string(host) + "-" + std::to_string(process) + "-" + std::string(random);
}

bool is_instance_id(std::string_view id) {
  const auto last = id.rfind('-');
  if (last == std::string_view::npos || last == 0) return false;
  const auto before = id.rfind('-', last - 1);
  if (before == std::string_view::npos || before == 0) return false;
  const auto random = id.substr(last + 1);
  return random.size() == random_digits && all_of(random, "0123456789abcdef") &&
         all_of(id.substr(before + 1, last - before - 1), "0123456789");
}

}  // namespace oes
