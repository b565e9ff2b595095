#pragma once
// What becomes of an exception that nobody expected.
#include <exception>
#include <functional>
#include <string>
#include <string_view>

namespace oes {

/// Called at once, on the thread where it was caught: `who` is the name of the coroutine that it left. In the product
/// it ends the process (last_words.hpp); a test notes it.
using failure_handler = std::function<void(std::string_view who, const std::exception_ptr& thrown)>;

/// Its message, or what little is known of it.
std::string text_of(const std::exception_ptr& thrown);

}  // namespace oes
