#pragma once
// The end of a process that writes into progress_path: nothing may be written any more once its lock is let go.
#include "app/ends_before.hpp"
#include "app/own_files.hpp"
#include "progress/progress_store.hpp"
#include "telemetry/log.hpp"

namespace oes {

/// Waits for the last state and the small files beside it, where the disk takes them within a second. false: it does
/// not, which is told; the process then has to end by leave_now().
bool finish_files(progress_store& store, own_files& files, ends_before& crashes, logger& log);

/// Ends the process without taking anything apart: threads of librdkafka or of a stalled disk may still be at work. The
/// lock on progress_path goes with the process, so that no late write falls into a successor's time.
[[noreturn]] void leave_now(logger& log, int code);

}  // namespace oes
