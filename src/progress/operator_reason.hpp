#pragma once
// Why an operator changed progress: a record of the progress topic, in the transaction of the change. Pure.
#include <optional>
#include <string>
#include <string_view>

#include "model/batch.hpp"
#include "model/error.hpp"
#include "model/time.hpp"

namespace oes {

/// What an operator's change does to the deployment's history, by which later readings are judged.
enum class history_after {
  goes_on,
  broken,  ///< what other instances and files knew before need not lead here any more
};

struct operator_reason {
  std::string text;     ///< as given with --reason
  std::string who;      ///< user that ran the command
  std::string host;     ///< where
  std::string command;  ///< `seek --stream nem --to 2026-11-23`
  utc_time at{};
  history_after history = history_after::goes_on;
};

/// Key `reason|<sequence>`: every one is kept, however often the topic is compacted. Carries last_version, so that the
/// highest one survives when the members that carried it are forgotten.
progress_message encode_reason(const operator_reason& reason, std::int64_t sequence, std::int64_t last_version);

struct kept_reason {
  operator_reason reason;
  std::int64_t sequence = 0;
  std::int64_t last_version = 0;  ///< records with a higher one came after the change
};

/// nullopt: a record of another kind. errc::damaged: a reason that cannot be read.
result<std::optional<kept_reason>> decode_reason(std::string_view key, std::string_view value);

}  // namespace oes
