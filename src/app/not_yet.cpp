#include "app/not_yet.hpp"

namespace oes {

std::vector<std::string> options_not_served_yet(const configuration& config) {
  std::vector<std::string> lines;
  for (const auto& stream : config.streams) {
    const auto refuse = [&](bool asked, const std::string& option) {
      if (asked)
        lines.push_back("error: stream '" + stream.name + "': " + option + " is not served by this release yet");
    };
    refuse(stream.shape == record_shape::wide, "record.shape: wide");
    refuse(stream.schema_header, "record.headers: schema");
  }
  return lines;
}

}  // namespace oes
