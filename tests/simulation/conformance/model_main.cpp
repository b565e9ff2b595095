// openelectricity-conformance-model SCRIPT: a script with its processes in a simulated machine, on virtual time.
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "simulation/conformance/model_stage.hpp"

int main(int count, char** arguments) {
  if (count != 2) return 2;
  std::ifstream lines(arguments[1]);
  std::vector<std::string> script;
  for (std::string line; std::getline(lines, line);) script.push_back(line);
  // Never destroyed: what its processes own ends with them only.
  auto* stage = new oes::conformance::model_stage;
  for (const auto& line : stage->play(script)) std::printf("%s\n", line.c_str());
  std::fflush(stdout);
  _exit(0);
}
