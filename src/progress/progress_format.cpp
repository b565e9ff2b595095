#include "progress/progress_format.hpp"

#include <string>

namespace oes {

error newer_format(std::string_view what, std::int64_t version) {
  return {errc::refused, "progress record '" + std::string(what) + "' has format version " + std::to_string(version) +
                             ", written by a newer release; this one knows " + std::to_string(progress_format) +
                             ": run that release, or a newer one"};
}

}  // namespace oes
