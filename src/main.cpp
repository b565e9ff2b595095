// Arguments → command → exit code.
#include <unistd.h>

#include <exception>
#include <iostream>
#include <string>

#include "async/last_words.hpp"
#include "async/own_thread.hpp"
#include "commands/command_line.hpp"
#include "commands/process_start.hpp"
#include "model/error.hpp"
#include "telemetry/journal.hpp"

int main(int argc, char** argv) {
  oes::stand_firm();
  oes::leave_no_core();
  if (oes::reaches_journal(STDERR_FILENO)) oes::say_last_words_to(oes::words_reader::journal);
  std::set_terminate([] { oes::end_process("a thread or a callback", std::current_exception()); });
  try {
    return oes::leave_main(oes::run_command_line(argc, argv));
  } catch (const oes::failure& fault) {  // of the start: a setting that cannot be used
    std::cerr << oes::told_on_stderr("error", "openelectricity-stream: " + std::string(fault.what()));
    return oes::leave_main(oes::exit_code_for(fault.what_failed().code));
  } catch (...) {
    oes::end_process("openelectricity-stream", std::current_exception());
  }
}
