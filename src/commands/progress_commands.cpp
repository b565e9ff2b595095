#include "commands/progress_commands.hpp"

#include <unistd.h>

#include <iostream>
#include <utility>

#include "app/instance.hpp"
#include "commands/commands.hpp"
#include "commands/edit_alone.hpp"
#include "config/user_name.hpp"
#include "files/local_file.hpp"
#include "operate/control_client.hpp"
#include "operate/line_limits.hpp"

namespace oes {
namespace {

constexpr auto patience_with_a_change = std::chrono::seconds(300);

exit_code edit_failed(const error& why) {
  std::cerr << why.context << '\n';
  return why.code == errc::timed_out ? exit_locked : exit_failure;
}

// Progress goes on while an operator reads what he is asked: what was done may be more, or less, than what was shown.
void show_what_differs(const job_answer& shown, const job_answer& done) {
  if (done.exit != exit_ok || done.says == shown.says) return;
  std::cout << "progress had moved on meanwhile; this was done:\n";
  for (const auto& line : done.says) std::cout << line << '\n';
}

exit_code by_the_daemon(const std::string& progress_path, job asked, const job_answer& plan, consent yes) {
  const auto agreed = show_plan_and_ask(plan, yes);
  if (agreed != exit_ok) return agreed;
  asked.step = job_step::perform;
  const auto answer = ask_writer(progress_path, asked, patience_with_a_change);
  if (!answer) return edit_failed(answer.error());
  show_what_differs(plan, *answer);
  (answer->exit == exit_ok ? std::cout : std::cerr) << answer->text << '\n';
  return static_cast<exit_code>(answer->exit);
}

}  // namespace

// Says what it would do and cost; asks where that matters.
exit_code show_plan_and_ask(const job_answer& plan, consent yes) {
  for (const auto& line : plan.says) std::cout << line << '\n';
  if (plan.exit != exit_ok) {
    std::cerr << plan.text << '\n';
    return static_cast<exit_code>(plan.exit);
  }
  std::cout.flush();
  if (!plan.must_confirm || yes == consent::given) return exit_ok;
  if (::isatty(STDIN_FILENO) == 0) {
    std::cerr << "nothing was changed: --yes says that this is wanted\n";
    return exit_usage;
  }
  std::cerr << "Go on? [y/N] ";
  std::string said;
  std::getline(std::cin, said);
  if (said == "y" || said == "yes") return exit_ok;
  std::cerr << "nothing was changed\n";
  return exit_failure;
}

exit_code change_progress(const config_source& file, job asked, consent yes) {
  const auto contact = contact_in(file);
  if (!contact) return exit_config;
  asked.who = user_name();
  asked.host = make_instance_name().host;
  asked.step = job_step::plan;
  asked.deployment = contact->deployment;
  const auto plan = ask_writer(contact->progress_path, asked, patience_with_a_plan);
  if (plan) return by_the_daemon(contact->progress_path, std::move(asked), *plan, yes);
  if (plan.error().code != errc::network_error) return edit_failed(plan.error());
  // Alone it needs what the daemon has: key, brokers and all.
  auto config = load_for_command(file);
  if (!config) return exit_config;
  return operate_alone(std::move(*config), std::move(asked),
                       [yes](const job_answer& found) { return show_plan_and_ask(found, yes); });
}

exit_code import_into_progress(const config_source& file, const std::string& from, job asked, consent yes) {
  auto document = read_named_file(from, longest_line);
  if (!document || !*document) {
    std::cerr << "cannot read " << from << ": it " << (document ? "is not there" : document.error().context) << '\n';
    return exit_failure;
  }
  asked.document = std::move(**document);
  return change_progress(file, std::move(asked), yes);
}

}  // namespace oes
