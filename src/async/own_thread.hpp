#pragma once
// A thread beside the loop that nobody waits for, and the end of a process that still has one.
#include <functional>
#include <string>

namespace oes {

/// Runs `work` on a thread of its own. It may never come to an end, so nobody joins it: `work` owns what it uses. An
/// exception that leaves it ends the process (last_words.hpp), named `who`. Throws std::system_error where no thread
/// can be had.
void start_own_thread(std::string who, std::function<void()> work);

/// A library's object is left as it is, and its threads with it, for as long as the process lives.
void leave_threads_behind() noexcept;

/// Of main, after everything else: what main returns. exit() would take the statics away, librdkafka's and OpenSSL's
/// too, from under threads that nobody waits for; where one still runs, what was printed is written out and the process
/// ends here.
int leave_main(int code) noexcept;

}  // namespace oes
