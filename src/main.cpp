// Arguments → command → exit code.
#include <exception>
#include <iostream>

#include "commands/command_line.hpp"
#include "commands/process_start.hpp"

int main(int argc, char** argv) {
  oes::stand_firm();
  try {
    return oes::run_command_line(argc, argv);
  } catch (const std::exception& unexpected) {
    std::cerr << "openelectricity-stream: " << unexpected.what() << '\n';
    return oes::exit_failure;
  }
}
