#include "commands/reload_command.hpp"

#include <chrono>
#include <filesystem>
#include <iostream>
#include <system_error>

#include "app/instance.hpp"
#include "commands/commands.hpp"
#include "commands/progress_commands.hpp"
#include "config/user_name.hpp"
#include "files/lock_file.hpp"
#include "operate/control_client.hpp"
#include "telemetry/journal.hpp"

namespace oes {

namespace {

// The daemon reads the file that it was started with, whichever one is named here.
void warn_of_another_file(const config_source& asked, const std::string& read) {
  if (asked.text || asked.file.empty() || read.empty()) return;
  std::error_code failed;
  const bool same = std::filesystem::equivalent(asked.file, read, failed) ||
                    std::filesystem::absolute(asked.file, failed).lexically_normal() == read;
  if (!same) std::cerr << told_on_stderr("warn", "the daemon reads " + read + ", not " + asked.file);
}

}  // namespace

exit_code reload_daemon(const config_source& file) {
  // A request under way is dropped, but an answer that was read is published to its end first.
  constexpr auto patience = std::chrono::seconds(300);
  const auto contact = contact_in(file);
  if (!contact) return exit_config;
  job asked;
  asked.kind = job_kind::reload;
  asked.step = job_step::perform;
  asked.deployment = contact->deployment;
  asked.command = "reload";
  asked.reason = "the configuration was reloaded";
  asked.who = user_name();
  asked.host = make_instance_name().host;
  const auto answer = ask_writer(contact->progress_path, asked, patience);
  if (!answer) {
    const auto holder = lock_file::holder(contact->progress_path);
    if (answer.error().code == errc::network_error && holder) {
      std::cerr << told_on_stderr(
          "error", holder->words() + " holds " + contact->progress_path +
                       "/lock, but takes no commands: it is another command, or a daemon whose health says why");
      return exit_failure;
    }
    std::cerr << told_on_stderr("error", answer.error().context);
    return answer.error().code == errc::timed_out ? exit_locked : exit_failure;
  }
  warn_of_another_file(file, answer->document);
  const bool done = answer->exit == exit_ok;
  for (const auto& line : answer->says) std::cerr << told_on_stderr(done ? "warn" : "error", line);
  if (done)
    std::cout << answer->text << '\n';
  else
    std::cerr << told_on_stderr("error", answer->text);
  return static_cast<exit_code>(answer->exit);
}

}  // namespace oes
