#pragma once
// Secrets that stand in a file of their own.
#include <string>

namespace oes {

struct secret_text {
  std::string text;     ///< without the line breaks at its end
  std::string problem;  ///< why it could not be read; empty: it was
};

secret_text read_secret_file(const std::string& path);

/// The same of what `key` names. Where there is no such file, what was written may be the secret itself: it is then not
/// shown.
secret_text read_secret_named_by(const std::string& key, const std::string& path);

}  // namespace oes
