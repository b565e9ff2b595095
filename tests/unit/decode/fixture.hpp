#pragma once
// Recorded exchanges with the API server's own code (tests/fixtures/api): the body is the last member of each file.
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "model/answer.hpp"

namespace oes::test {

inline std::string fixture_body(const std::string& name) {
  std::ifstream file(std::string(OES_FIXTURES) + "/api/" + name + ".json", std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  const auto begin = text.find("\"body\":");
  const auto end = text.rfind('}');
  if (begin == std::string::npos || end == std::string::npos) throw std::runtime_error("no fixture " + name);
  return text.substr(begin + 7, end - begin - 7);
}

inline raw_answer answered(std::string body) {
  return {std::move(body), utc_time(std::chrono::microseconds(1'795'428'000'123'456))};
}

}  // namespace oes::test
