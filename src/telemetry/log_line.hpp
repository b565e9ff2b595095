#pragma once
// One log event as one line, in either of the two forms; pure, so that the forms are tested without a log.
#include <string>
#include <string_view>

#include "model/time.hpp"
#include "telemetry/log.hpp"

namespace oes {

/// `2026-11-23T00:05:00.123Z info  published an interval stream=nem records=305`; never more than one line, no newline.
std::string text_line(utc_time at, std::string_view level, std::string_view sentence, log_fields fields);

/// The same without time and level, for a reader that has its own.
std::string sentence_with_fields(std::string_view sentence, log_fields fields);

/// `{"time":"…Z","level":"info","msg":"…","stream":"nem","records":"305"}`; every field is a string.
std::string json_line(utc_time at, std::string_view level, std::string_view sentence, log_fields fields);

}  // namespace oes
