#pragma once
// What a task group's on_failure is told, kept for a test.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "async/failure.hpp"

namespace oes::test {

struct failures {
  std::vector<std::string> told;  ///< "who: what", in order

  failure_handler handler() {
    return [this](std::string_view who, const std::exception_ptr& thrown) {
      told.push_back(std::string(who) + ": " + text_of(thrown));
    };
  }
};

/// For tests in which nothing throws.
inline failure_handler no_failure_expected() {
  return [](std::string_view who, const std::exception_ptr& thrown) {
    FAIL_CHECK(std::string(who) << ": " << text_of(thrown));
  };
}

}  // namespace oes::test
