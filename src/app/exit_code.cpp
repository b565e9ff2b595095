#include "app/exit_code.hpp"

namespace oes {

exit_code exit_code_for(errc code) {
  switch (code) {
    case errc::refused:
    case errc::kafka_refused:
    case errc::damaged:
    case errc::bad_config:
      return exit_config;
    case errc::locked:
    case errc::fenced:
      return exit_locked;
    case errc::stopped:
      return exit_ok;
    default:
      return exit_failure;
  }
}

}  // namespace oes
