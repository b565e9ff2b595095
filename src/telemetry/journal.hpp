#pragma once
// systemd's journal as the reader of the log: it knows levels and keeps fields, and writes its own time beside each
// line.
#include <optional>
#include <string>
#include <string_view>

#include "telemetry/log_line.hpp"

namespace oes {

/// What is written to `fd` goes to journald's stdout socket, as the service manager connects it.
bool reaches_journal(int fd);

/// A socket to the journal's native protocol (systemd.io/JOURNAL_NATIVE_PROTOCOL); -1: there is none here. The caller
/// owns it.
int open_journal();

/// syslog's number of a level: 7 debug, 6 info, 4 warn, 3 error, 2 critical (the last words).
int priority_of(std::string_view level);

/// One entry of the native protocol: MESSAGE is the sentence with its fields, as `text_line` has them; beside it
/// PRIORITY, SYSLOG_IDENTIFIER, and each field as `OES_<KEY>`.
std::string journal_entry(std::string_view level, std::string_view sentence, log_fields fields);

/// The same for journald's stdout socket: one line, its level as the prefix `<6>`.
std::string prefixed_line(std::string_view level, std::string_view line);

/// What is told on stderr beside the log, an end of line after it: each line with that prefix where journald reads
/// stderr, which would take it for mere information otherwise.
std::string told_on_stderr(std::string_view level, std::string_view lines);

}  // namespace oes
