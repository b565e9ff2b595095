#pragma once
// A thread beside the loop that nobody waits for.
#include <functional>
#include <string>

namespace oes {

/// Runs `work` on a thread of its own. It may never come to an end, so nobody joins it: `work` owns what it uses. An
/// exception that leaves it ends the process (last_words.hpp), named `who`. Throws std::system_error where no thread
/// can be had.
void start_own_thread(std::string who, std::function<void()> work);

}  // namespace oes
