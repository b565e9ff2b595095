#include "app/exit_code.hpp"

#include <algorithm>
#include <initializer_list>

namespace oes {

namespace {

bool is_one_of(errc code, std::initializer_list<errc> some) {
  return std::find(some.begin(), some.end(), code) != some.end();
}

}  // namespace

exit_code exit_code_for(errc code) {
  if (is_one_of(code, {errc::refused, errc::kafka_refused, errc::damaged, errc::bad_config})) return exit_config;
  if (is_one_of(code, {errc::locked, errc::fenced})) return exit_locked;
  return code == errc::stopped ? exit_ok : exit_failure;
}

}  // namespace oes
