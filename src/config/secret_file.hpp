#pragma once
// Secrets that stand in a file of their own.
#include <string>

namespace oes {

struct secret_text {
  std::string text;     ///< without the line breaks at its end
  std::string problem;  ///< why it could not be read; empty: it was
};

/// Of a file that could not be opened or read just now, by `errno`: its path and the cause, and of a missing right also
/// who lacks it.
std::string why_unreadable(const std::string& path);

secret_text read_secret_file(const std::string& path);

/// The same of what `key` names. Where there is no such file, what was written may be the secret itself: it is then not
/// shown.
secret_text read_secret_named_by(const std::string& key, const std::string& path);

/// Why a password or the like cannot be what the file holds; empty: it can. librdkafka takes a text up to its first
/// NUL.
std::string fault_of_secret_line(const std::string& path, const std::string& text);
/// The same of a PEM text, which has lines.
std::string fault_of_secret_block(const std::string& path, const std::string& text);

}  // namespace oes
