#pragma once
// What every command of this program does first, whoever started it.

namespace oes {

/// SIGPIPE is ignored: a reader that leaves is an error of the write, not the end of the process. Closed standard
/// streams are held open with a descriptor that refuses writes; otherwise the next file or socket would be called
/// "stderr" and receive the log.
void stand_firm();

/// Whatever signal ends the process, it leaves no dump of its memory, which holds the API's key and Kafka's passwords.
void leave_no_core();

}  // namespace oes
