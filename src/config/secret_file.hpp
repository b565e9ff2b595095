#pragma once
// Secrets that stand in a file of their own.
#include <string>

namespace oes {

struct secret_text {
  std::string text;     ///< without the line breaks at its end
  std::string problem;  ///< why it could not be read; empty: it was
};

secret_text read_secret_file(const std::string& path);

}  // namespace oes
