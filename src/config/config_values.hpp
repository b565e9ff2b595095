#pragma once
// Every key of a configuration with the value that it resolves to, so that two configurations can be compared.
#include <map>
#include <string>
#include <vector>

#include "config/setting_value.hpp"

namespace oes {

using key_values = std::map<std::string, setting_value, std::less<>>;

/// Secrets are there in plain text: never to be shown.
struct config_values {
  /// By dotted path. Of a file that librdkafka reads (`ssl.certificate.location`) also what it holds, under
  /// `kafka.properties.<name> (content)`.
  key_values daemon;
  std::vector<std::string> files;   ///< what was read besides: secrets and certificates in files of their own
  std::vector<key_values> streams;  ///< with what they inherit from `defaults`, in the order of the file
};

}  // namespace oes
