// Arguments → command → exit code.
#include <exception>
#include <iostream>

#include "async/last_words.hpp"
#include "async/own_thread.hpp"
#include "commands/command_line.hpp"
#include "commands/process_start.hpp"
#include "model/error.hpp"

int main(int argc, char** argv) {
  oes::stand_firm();
  std::set_terminate([] { oes::end_process("a thread or a callback", std::current_exception()); });
  try {
    return oes::leave_main(oes::run_command_line(argc, argv));
  } catch (const oes::failure& fault) {  // of the start: a setting that cannot be used
    std::cerr << "openelectricity-stream: " << fault.what() << '\n';
    return oes::leave_main(oes::exit_code_for(fault.what_failed().code));
  } catch (...) {
    oes::end_process("openelectricity-stream", std::current_exception());
  }
}
