// openelectricity-conformance-actor NAME BOOTSTRAP PREFIX [PROPERTY=VALUE…]: one process of a script, with the real
// librdkafka. Steps come on stdin, a line each; what each told goes to stdout, ended by a line with a dot.
#include <iostream>
#include <string>

#include "simulation/conformance/actor/actor.hpp"

int main(int count, char** arguments) {
  if (count < 4) return 2;
  oes::conformance::surroundings around{arguments[1], arguments[2], arguments[3], {}};
  for (int i = 4; i < count; ++i) {
    const std::string given = arguments[i];
    const auto equals = given.find('=');
    around.properties.emplace_back(given.substr(0, equals), given.substr(equals + 1));
  }
  oes::conformance::actor self(std::move(around));
  for (std::string line; std::getline(std::cin, line);) {
    for (const auto& fact : self.perform(line)) std::cout << fact << '\n';
    std::cout << '.' << std::endl;
  }
  // Clients that wait for brokers that are gone would be waited for.
  _Exit(0);
}
