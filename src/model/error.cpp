#include "model/error.hpp"

namespace oes {

std::string_view name(errc code) {
  switch (code) {
    case errc::not_yet:
      return "not_yet";
    case errc::limit_reached:
      return "limit_reached";
    case errc::bad_key:
      return "bad_key";
    case errc::rejected:
      return "rejected";
    case errc::rate_limited:
      return "rate_limited";
    case errc::server_error:
      return "server_error";
    case errc::unreachable:
      return "unreachable";
    case errc::network_error:
      return "network_error";
    case errc::timed_out:
      return "timed_out";
    case errc::malformed:
      return "malformed";
    case errc::unexpected_labels:
      return "unexpected_labels";
    case errc::too_large:
      return "too_large";
    case errc::fenced:
      return "fenced";
    case errc::not_committed:
      return "not_committed";
    case errc::not_begun:
      return "not_begun";
    case errc::outcome_unknown:
      return "outcome_unknown";
    case errc::kafka_unavailable:
      return "kafka_unavailable";
    case errc::kafka_refused:
      return "kafka_refused";
    case errc::damaged:
      return "damaged";
    case errc::refused:
      return "refused";
    case errc::locked:
      return "locked";
    case errc::io_error:
      return "io_error";
    case errc::bad_config:
      return "bad_config";
    case errc::stopped:
      return "stopped";
  }
  return "unknown";
}

void throw_exception_from_error(const error& e, const boost::source_location& /*where*/) { throw failure(e); }

}  // namespace oes
