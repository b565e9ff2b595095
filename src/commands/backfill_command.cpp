#include "commands/backfill_command.hpp"

#include <unistd.h>

#include <iostream>
#include <optional>

#include "app/instance.hpp"
#include "commands/backfill_alone.hpp"
#include "commands/backfill_bar.hpp"
#include "commands/commands.hpp"
#include "commands/progress_commands.hpp"
#include "config/user_name.hpp"
#include "operate/control_client.hpp"

namespace oes {
namespace {

// The daemon says something every ten seconds.
constexpr auto patience_with_news = std::chrono::seconds(60);

std::string typed(const backfill_options& chosen) {
  const auto& asked = chosen.asked;
  auto out = "backfill --stream " + asked.stream;
  if (!asked.metric.empty()) out += " --metric " + asked.metric;
  out += " --from " + asked.from + " --to " + asked.to;
  if (asked.republish) return out + " --republish";
  return asked.refresh ? out + " --refresh" : out;
}

exit_code backfill_failed(const error& why) {
  if (why.code != errc::timed_out) {
    std::cerr << why.context << '\n';
    return exit_failure;
  }
  std::cerr << "the daemon ended, or said nothing for a minute; what is done stays done, and the same command goes on "
               "where it stopped\n";
  return exit_locked;
}

// The estimate; whether to go on.
exit_code look_at(const job_answer& plan, const backfill_options& chosen, bool& go_on) {
  if (chosen.dry_run) {
    const auto code = show_plan_and_ask({plan.exit, plan.text, false, plan.says, {}}, consent::given);
    if (code == exit_ok) std::cout << (plan.text.empty() ? "" : plan.text + "; ") << "no data was asked for\n";
    return code;
  }
  const auto code = show_plan_and_ask(plan, chosen.yes ? consent::given : consent::ask);
  if (code == exit_ok && !plan.text.empty()) std::cout << plan.text << '\n';
  go_on = code == exit_ok && plan.text.empty();
  return code;
}

exit_code by_the_daemon(const std::string& progress_path, job asked, backfill_bar& bar) {
  asked.step = job_step::perform;
  const auto answer =
      ask_writer(progress_path, asked, patience_with_news, [&bar](const job_progress& news) { bar.show(news); });
  bar.end();
  if (!answer) return backfill_failed(answer.error());
  (answer->exit == exit_ok ? std::cout : std::cerr) << answer->text << '\n';
  return static_cast<exit_code>(answer->exit);
}

exit_code backfill(const config_source& file, const backfill_options& chosen) {
  const auto contact = contact_in(file);
  if (!contact) return exit_config;
  auto asked = chosen.asked;
  asked.kind = job_kind::backfill;
  asked.step = job_step::plan;
  asked.deployment = contact->deployment;
  asked.command = typed(chosen);
  asked.who = user_name();
  asked.host = make_instance_name().host;
  if (asked.reason.empty()) asked.reason = asked.command;
  backfill_bar bar(std::cerr, ::isatty(STDERR_FILENO) != 0 ? paper::terminal : paper::plain, asked.stream);
  bool go_on = false;
  const auto plan = ask_writer(contact->progress_path, asked, patience_with_a_plan);
  if (plan) {
    const auto code = look_at(*plan, chosen, go_on);
    return go_on ? by_the_daemon(contact->progress_path, std::move(asked), bar) : code;
  }
  if (plan.error().code != errc::network_error) return backfill_failed(plan.error());
  // Alone it needs what the daemon has: key, brokers and all.
  auto config = load_for_command(file);
  if (!config) return exit_config;
  std::optional<exit_code> looked;  // at the plan; none: it did not come to that
  const auto confirm = [&](const job_answer& found) {
    looked = look_at(found, chosen, go_on);
    return go_on ? exit_ok : exit_failure;
  };
  const news_of told{[&bar](const job_progress& news) { bar.show(news); }, [&bar] { bar.end(); }};
  const auto code = backfill_alone(std::move(*config), std::move(asked), confirm, told);
  return looked && !go_on ? *looked : code;
}

}  // namespace

std::function<std::optional<exit_code>(const config_source&)> add_backfill(CLI::App& app, backfill_options& chosen) {
  auto* command = app.add_subcommand("backfill",
                                     "Read a range that lies before what a stream follows and publish it beside the "
                                     "live stream, in the fewest requests "
                                     "that the plan allows. By the running daemon, else by the command itself. Stopped "
                                     "or killed, the same command goes "
                                     "on where it stopped");
  const auto time = "2026-11-23 or 2026-11-23T10:00:00, the network's own clock; or with an offset";
  command->add_option("--stream", chosen.asked.stream, "Name of the stream")->required();
  command->add_option("--metric", chosen.asked.metric, "Only this metric of it");
  command->add_option("--from", chosen.asked.from, std::string("The first interval: ") + time)
      ->required()
      ->type_name("TIME");
  command->add_option("--to", chosen.asked.to, "Where the range ends; this instant is not part of it")
      ->required()
      ->type_name("TIME");
  command->add_flag("-n,--dry-run", chosen.dry_run,
                    "Only say what it would take: requests, credits, records, time. No request is made");
  auto* refresh = command->add_flag("--refresh", chosen.asked.refresh,
                                    "Also read what is published already, compare it with the data topics, and publish "
                                    "what changed");
  command
      ->add_flag("--republish", chosen.asked.republish,
                 "Publish all of the range again, with revision 0 and higher versions: readers see it twice")
      ->excludes(refresh);
  command->add_option("--reason", chosen.asked.reason, "With --republish: why, kept in the progress topic")
      ->type_name("TEXT");
  command->add_flag("-y,--yes", chosen.yes, "With --republish: do it without asking");
  return [=, &chosen](const config_source& file) -> std::optional<exit_code> {
    if (!*command) return std::nullopt;
    return backfill(file, chosen);
  };
}

}  // namespace oes
