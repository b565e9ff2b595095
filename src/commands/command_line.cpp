#include "commands/command_line.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <map>

#include "commands/backfill_command.hpp"
#include "commands/commands.hpp"
#include "commands/find_config.hpp"
#include "commands/help_footer.hpp"
#include "commands/migrate_command.hpp"
#include "commands/printed_commands.hpp"
#include "commands/progress_command_line.hpp"
#include "commands/reload_command.hpp"
#include "commands/status_command.hpp"
#include "commands/tail_command.hpp"
#include "config/quantity.hpp"
#include "model/utf8.hpp"
#include "model/version.hpp"
#include "telemetry/journal.hpp"

namespace oes {
namespace {

const std::map<std::string, schema_format> schema_formats{{"json-schema", schema_format::json_schema},
                                                          {"avro", schema_format::avro},
                                                          {"spark-ddl", schema_format::spark_ddl},
                                                          {"pyspark", schema_format::pyspark},
                                                          {"markdown", schema_format::markdown}};

struct options {
  std::string config;
  std::string env_file;
  std::string timeout = "2m";
  bool once = false;
  bool dry_run = false;
  bool json = false;
  bool watch = false;
  bool ready = false;
  bool connect = false;
  bool replaced_only = false;
  bool facilities = false;
  schema_format format = schema_format::json_schema;
};

CLI::App* add_run(CLI::App& app, options& chosen) {
  auto* run = app.add_subcommand("run", "Run the daemon (the default command)");
  auto* once = run->add_flag("--once", chosen.once, "One cycle of every stream, then exit; non-zero if any failed");
  run->add_flag("--dry-run", chosen.dry_run,
                "Fetch one window per stream from its start, print the records to stdout as NDJSON, exit; touches "
                "neither Kafka nor progress")
      ->excludes(once);
  run->add_option("--timeout", chosen.timeout, "With --once: exit 1 when there has been no progress for this long")
      ->needs(once)
      ->type_name("DURATION")
      ->capture_default_str()
      ->check([](const std::string& text) {
        const auto span = parse_duration(text);
        return span && span->count() > 0 ? std::string() : "a duration above 0, like 90s or 2m";
      });
  return run;
}

CLI::App* add_schema(CLI::App& app, options& chosen) {
  auto* schema = app.add_subcommand("schema", "Print the record schema");
  schema
      ->add_option_function<std::string>(
          "--format", [&chosen](const std::string& name) { chosen.format = schema_formats.at(name); },
          "json-schema, avro, spark-ddl, pyspark or markdown")
      ->check(CLI::IsMember(schema_formats))
      ->default_str("json-schema");
  auto* replaced =
      schema->add_flag("--replaced", chosen.replaced_only, "Only the 22 columns of the replaced PySpark source");
  schema->add_flag("--facilities", chosen.facilities, "Of the list of facilities instead")->excludes(replaced);
  return schema;
}

// The whole command line and what it chose. Addresses go into `app`: not to be moved.
class parser {
 public:
  parser();
  parser(const parser&) = delete;
  parser& operator=(const parser&) = delete;

  void parse(int argc, const char* const* argv) { app_.parse(argc, argv); }
  exit_code run();
  /// The exit code of a fault, after telling; asking for help is none, unless of a command that does not exist.
  int tell(const CLI::ParseError& fault) const;

 private:
  options chosen_;
  progress_options progress_chosen_;
  backfill_options backfill_chosen_;
  migrate_options migrate_chosen_;
  tail_options tail_chosen_;
  CLI::App app_{"Streams Australian electricity data from the OpenElectricity API into Kafka, exactly once.",
                "openelectricity-stream"};
  CLI::App* check_ = nullptr;
  CLI::App* print_ = nullptr;
  CLI::App* status_ = nullptr;
  CLI::App* health_ = nullptr;
  CLI::App* reload_ = nullptr;
  CLI::App* schema_ = nullptr;
  std::function<std::optional<exit_code>(const config_source&)> progress_;
  std::function<std::optional<exit_code>(const config_source&)> backfill_;
  std::function<std::optional<exit_code>(const config_source&)> tail_;
  std::function<std::optional<exit_code>()> migrate_;
  std::function<std::optional<exit_code>()> printed_;
};

parser::parser() {
  app_.set_version_flag("--version",
                        "openelectricity-stream " + std::string(version()) + " (" + std::string(commit()) + ")");
  app_.add_option("-c,--config", chosen_.config,
                  "Configuration file, - for standard input (default: $OPENELECTRICITY_STREAM_CONFIG, else the text in "
                  "$OPENELECTRICITY_STREAM_CONFIG_YAML, else /etc/openelectricity-stream/openelectricity-stream.yaml "
                  "where it exists, else environment only)")
      ->type_name("FILE");
  app_.add_option(
          "--env-file", chosen_.env_file,
          "Environment file of the service, whose key and brokers a command beside it needs too; goes before the "
          "environment")
      ->type_name("FILE");
  app_.footer(help_footer());
  app_.require_subcommand(0, 1);
  app_.fallthrough();
  add_run(app_, chosen_);
  check_ = app_.add_subcommand("check-config", "Report every problem of the configuration at once");
  check_->add_flag(
      "--connect", chosen_.connect,
      "And ask API and Kafka: name, TLS, key, plan, topics, rights. Nothing is changed there, and a running "
      "daemon notices nothing");
  print_ = app_.add_subcommand("print-config", "Print the resolved configuration, secrets redacted");
  status_ = app_.add_subcommand("status", "Health and why, streams, newest interval published, lag, gaps, credits");
  auto* json = status_->add_flag("--json", chosen_.json, "As JSON");
  status_->add_flag("-w,--watch", chosen_.watch, "Again every two seconds, until Ctrl-C")->excludes(json);
  health_ = app_.add_subcommand("healthcheck", "Ask the running daemon; exit 0 if it lives, else 1");
  health_->add_flag("--ready", chosen_.ready, "Exit 0 only if it is ready: as /readyz answers, with the reason");
  reload_ = app_.add_subcommand("reload", "Have the running daemon read its configuration file again, all or nothing");
  schema_ = add_schema(app_, chosen_);
  backfill_ = add_backfill(app_, backfill_chosen_);
  progress_ = add_progress(app_, progress_chosen_);
  tail_ = add_tail(app_, tail_chosen_);
  migrate_ = add_migrate(app_, migrate_chosen_);
  printed_ = add_printed_commands(app_);
}

exit_code parser::run() {
  if (const auto done = printed_()) return *done;
  if (const auto done = migrate_()) return *done;
  if (*schema_ && chosen_.replaced_only && chosen_.format == schema_format::avro) {
    std::cerr << "--replaced: an Avro topic has one schema, whole\n";
    return exit_usage;
  }
  if (*schema_ && chosen_.facilities) return show_facility_list_schema(chosen_.format);
  if (*schema_) return show_schema(chosen_.format, chosen_.replaced_only);
  const auto source = find_config(chosen_.config, chosen_.env_file);
  if (!source) {
    std::cerr << told_on_stderr("error", source.error().context);
    return exit_config;
  }
  const auto& file = *source;
  if (*check_) return check_config(file, chosen_.connect ? check_reach::connect : check_reach::text_alone);
  if (*print_) return print_config(file);
  if (*status_ && chosen_.watch) return watch_status(file);
  if (*status_) return show_status(file, chosen_.json ? status_form::json : status_form::table);
  if (*health_) return check_health(file, chosen_.ready ? health_question::ready : health_question::alive);
  if (*reload_) return reload_daemon(file);
  if (const auto done = tail_(file)) return *done;
  if (const auto done = backfill_(file)) return *done;
  if (const auto done = progress_(file)) return *done;
  const auto kind = chosen_.dry_run ? run_kind::dry : chosen_.once ? run_kind::once : run_kind::forever;
  return run_streams(file, kind, *parse_duration(chosen_.timeout));
}

int parser::tell(const CLI::ParseError& fault) const {
  const auto unknown = app_.remaining(true);
  const bool asked_for_help = fault.get_exit_code() == 0;
  if (asked_for_help && unknown.empty()) return app_.exit(fault);
  const auto why = asked_for_help ? "unknown command or argument: " + unknown.front() : std::string(fault.what());
  std::cerr << told_on_stderr("error", "openelectricity-stream: " + why + " (see --help)");
  return exit_usage;
}

// What people type goes into records, files and logs: it has to be text.
std::string fault_of_argument(std::string_view argument) {
  const auto fault = fault_of_text(argument);
  return fault ? "the argument '" + printable(argument, 80) + "' " + *fault : std::string();
}

// What was printed into a file may have found a full disk. Whoever reads a pipe may leave when he has enough.
int all_was_taken(int code) {
  std::cout.flush();
  struct stat about {};
  const bool is_pipe = ::fstat(STDOUT_FILENO, &about) == 0 && (S_ISFIFO(about.st_mode) || S_ISSOCK(about.st_mode));
  if (std::cout || is_pipe || code != exit_ok) return code;
  std::cerr << "openelectricity-stream: stdout does not take what is printed\n";
  return exit_failure;
}

}  // namespace

int run_command_line(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const auto fault = fault_of_argument(argv[i]);
    if (fault.empty()) continue;
    std::cerr << told_on_stderr("error", "openelectricity-stream: " + fault + " (see --help)");
    return exit_usage;
  }
  parser line;
  try {
    line.parse(argc, argv);
  } catch (const CLI::ParseError& fault) {
    return all_was_taken(line.tell(fault));
  }
  return all_was_taken(line.run());
}

std::string fault_of_command_line(std::vector<std::string> arguments) {
  for (const auto& argument : arguments) {
    if (auto fault = fault_of_argument(argument); !fault.empty()) return fault;
  }
  arguments.insert(arguments.begin(), "openelectricity-stream");
  std::vector<const char*> argv;
  argv.reserve(arguments.size());
  for (const auto& argument : arguments) argv.push_back(argument.c_str());
  parser line;
  try {
    line.parse(static_cast<int>(argv.size()), argv.data());
  } catch (const CLI::ParseError& fault) {
    return fault.what();
  }
  return "";
}

}  // namespace oes
