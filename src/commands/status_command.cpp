#include "commands/status_command.hpp"

#include <unistd.h>

#include <chrono>
#include <iostream>

#include "async/clock.hpp"
#include "commands/commands.hpp"
#include "commands/progress_commands.hpp"
#include "commands/status_client.hpp"
#include "files/lock_file.hpp"
#include "operate/control_client.hpp"

namespace oes {
namespace {

constexpr auto watch_pause = std::chrono::seconds(2);

ink ink_for(const config_source& file) {
  // https://no-color.org: set and not empty.
  const bool unwanted = !file.env("NO_COLOR").value_or("").empty() || file.env("TERM").value_or("") == "dumb";
  return unwanted || ::isatty(STDOUT_FILENO) == 0 ? ink::plain : ink::coloured;
}

// No job was asked for, so there is none that may still be done.
error silence_in(const std::string& folder) {
  const auto holder = lock_file::holder(folder);
  if (!holder) return {errc::network_error, "the daemon ended before it answered"};
  return {errc::timed_out, "a daemon runs (" + holder->words() +
                               "), but does not answer: its loop stands still, or the process is stopped"};
}

// The daemon's own answer, by the socket beside its progress; whatever listens on the HTTP port may be another one.
// refused: it serves another deployment; timed_out: it holds the folder and says nothing.
result<std::string> status_by_socket(const loaded_contact& contact) {
  constexpr auto patience = std::chrono::seconds(5);
  job asked;
  asked.kind = job_kind::status;
  asked.deployment = contact.deployment;
  const auto answer = ask_writer(contact.progress_path, asked, patience);
  if (!answer && answer.error().code == errc::timed_out) return silence_in(contact.progress_path);
  if (!answer) return answer.error();
  if (answer->exit == exit_config) return error{errc::refused, answer->text};
  if (answer->exit != exit_ok) return error{errc::malformed, answer->text};
  return answer->document;
}

// Only where the socket cannot be used: one that is not there may never have been made, but then a daemon holds the
// folder.
bool may_ask_by_port(const loaded_contact& contact, const error& by_socket, const std::optional<lock_holder>& runs) {
  if (!contact.telemetry->http_enabled || by_socket.code == errc::refused || by_socket.code == errc::timed_out)
    return false;
  return by_socket.code != errc::network_error || runs;
}

// Another instance may have the port: what it tells of itself must fit the folder and the deployment.
result<std::string> running_status(const loaded_contact& contact) {
  auto running = status_by_socket(contact);
  if (running) return running;
  const auto runs = lock_file::holder(contact.progress_path);
  if (!may_ask_by_port(contact, running.error(), runs)) return running;
  const auto page = ask_daemon(*contact.telemetry, "/status.json");
  if (page && page->status == 200 && is_status_of(page->body, contact.deployment, runs ? runs->pid : "")) {
    running = page->body;
  }
  return running;
}

std::string absence(const loaded_contact& contact, const error& why) {
  if (why.code != errc::network_error) return why.context;
  std::string out = "no daemon answers on " + contact.progress_path + "/control.sock";
  if (contact.telemetry->http_enabled)
    out += " or " + contact.telemetry->http_address + ":" + std::to_string(contact.telemetry->http_port);
  return out;
}

// Of whoever expected one.
std::string next_step(const error& why) {
  if (why.code != errc::network_error) return "";
  return "where one should be running, its log says why it ended (under systemd: "
         "journalctl -u openelectricity-stream -p err)\n";
}

// One picture over the one before, without the flicker of a cleared screen.
std::string over_the_last(const std::string& picture) {
  std::string out = "\x1b[H";
  for (const char c : picture) {
    if (c == '\n') out += "\x1b[K";
    out += c;
  }
  return out + "\x1b[J";
}

}  // namespace

exit_code show_status(const config_source& file, status_form form) {
  const auto contact = contact_in(file);
  if (!contact) return exit_config;
  const auto running = running_status(*contact);
  const bool json = form == status_form::json;
  if (running) {
    std::cout << (json ? *running + "\n" : status_as_text(*running, ink_for(file)));
    return exit_ok;
  }
  if (running.error().code == errc::refused) {
    std::cerr << running.error().context << '\n';
    return exit_failure;
  }
  std::cerr << absence(*contact, running.error()) << "; showing progress\n" << next_step(running.error());
  const bool silent = running.error().code == errc::timed_out;  // it would be asked in vain
  const auto shown = silent ? show_stored_progress(file, *contact, json) : show_progress(file, json);
  return shown == exit_ok ? exit_failure : shown;
}

exit_code watch_status(const config_source& file) {
  const auto contact = contact_in(file);
  if (!contact) return exit_config;
  const bool terminal = ::isatty(STDOUT_FILENO) != 0;
  for (;;) {
    const auto running = running_status(*contact);
    const auto picture = running ? status_as_text(*running, ink_for(file)) : absence(*contact, running.error()) + "\n";
    std::cout << (terminal ? over_the_last(picture) : picture + "\n") << std::flush;
    if (!std::cout) return exit_ok;  // nobody reads it any more
    hold_thread(watch_pause);
  }
}

exit_code check_health(const config_source& file, health_question asked) {
  const auto contact = contact_in(file);
  if (!contact) return exit_config;
  const auto running = running_status(*contact);
  if (!running) {
    std::cerr << absence(*contact, running.error()) << '\n';
    return exit_failure;
  }
  const auto trouble = asked == health_question::ready ? why_not_ready(*running) : std::string();
  if (trouble.empty()) return exit_ok;
  std::cerr << trouble << '\n';
  return exit_failure;
}

}  // namespace oes
