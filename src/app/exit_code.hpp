#pragma once
// Exit codes of the program (docs/cli.md).
#include "model/error.hpp"

namespace oes {

enum exit_code : int {
  exit_ok = 0,
  exit_failure = 1,
  exit_usage = 2,
  // 70 is async/last_words': something that nobody foresaw.
  exit_locked = 75,  ///< temporarily fenced or locked: another process does the work
  exit_config = 78,  ///< configuration, or a state that an operator has to decide on
};

/// What an error means to who started the process.
exit_code exit_code_for(errc code);

}  // namespace oes
