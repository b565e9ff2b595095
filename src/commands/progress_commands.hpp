#pragma once
// `progress …`: what the operator sees. Each returns the exit code.
#include <chrono>
#include <string>

#include "app/exit_code.hpp"
#include "config/loader.hpp"
#include "operate/job.hpp"

namespace oes {

enum class consent { ask, given };

/// Of the daemon, that says what a change would do.
inline constexpr auto patience_with_a_plan = std::chrono::seconds(60);

/// Says what a job would do and cost, and asks where that matters. ok: go on.
exit_code show_plan_and_ask(const job_answer& plan, consent yes);

/// reset, trust, adopt, seek, rename: by the running daemon, else by this process alone.
exit_code change_progress(const config_source& file, job asked, consent yes);
/// The same with the document read from `from`.
exit_code import_into_progress(const config_source& file, const std::string& from, job asked, consent yes);
exit_code show_progress(const config_source& file, bool json);
/// The same without asking a daemon: Kafka's, else the file's.
exit_code show_stored_progress(const config_source& file, const loaded_contact& contact, bool json);
exit_code export_progress(const config_source& file, const std::string& to);

/// Progress against the data topics; exit 1 where something does not fit. `stream` empty: all.
exit_code verify_progress(const configuration& config, const std::string& stream);

}  // namespace oes
