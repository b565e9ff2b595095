#include "app/command_line.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <map>

#include "app/commands.hpp"

namespace oes {
namespace {

const std::map<std::string, schema_format> schema_formats{{"json-schema", schema_format::json_schema},
                                                          {"spark-ddl", schema_format::spark_ddl},
                                                          {"pyspark", schema_format::pyspark},
                                                          {"markdown", schema_format::markdown}};

struct options {
  std::string config;
  bool once = false;
  bool dry_run = false;
  bool json = false;
  bool replaced_only = false;
  schema_format format = schema_format::json_schema;
};

CLI::App* add_run(CLI::App& app, options& chosen) {
  auto* run = app.add_subcommand("run", "Run the daemon (the default command)");
  auto* once = run->add_flag("--once", chosen.once, "One cycle of every stream, then exit; non-zero if any failed");
  run->add_flag("--dry-run", chosen.dry_run,
                "Fetch one window per stream from its start, print the records to stdout as NDJSON, exit; touches "
                "neither Kafka nor progress")
      ->excludes(once);
  return run;
}

CLI::App* add_schema(CLI::App& app, options& chosen) {
  auto* schema = app.add_subcommand("schema", "Print the record schema");
  schema->add_option("--format", chosen.format, "json-schema, spark-ddl, pyspark or markdown")
      ->transform(CLI::CheckedTransformer(schema_formats))
      ->capture_default_str();
  schema->add_flag("--replaced", chosen.replaced_only, "Only the 22 columns of the replaced PySpark source");
  return schema;
}

int usage_fault(const CLI::App& app, const CLI::ParseError& fault) {
  const bool asked_for_help = fault.get_exit_code() == 0;
  if (asked_for_help) return app.exit(fault);
  std::cerr << "openelectricity-stream: " << fault.what() << " (see --help)\n";
  return exit_usage;
}

}  // namespace

int run_command_line(int argc, char** argv) {
  options chosen;
  CLI::App app("Streams Australian electricity data from the OpenElectricity API into Kafka, exactly once.",
               "openelectricity-stream");
  app.set_version_flag("--version", "openelectricity-stream " OES_VERSION);
  app.add_option("-c,--config", chosen.config,
                 "Configuration file (default: $OPENELECTRICITY_STREAM_CONFIG, else "
                 "/etc/openelectricity-stream/openelectricity-stream.yaml where it exists, else environment only)");
  app.require_subcommand(0, 1);
  app.fallthrough();
  auto* run = add_run(app, chosen);
  auto* check = app.add_subcommand("check-config", "Report every problem of the configuration at once");
  auto* print = app.add_subcommand("print-config", "Print the resolved configuration, secrets redacted");
  auto* status = app.add_subcommand("status", "Streams, newest interval published, lag, gaps, credits");
  status->add_flag("--json", chosen.json, "As JSON");
  auto* health = app.add_subcommand("healthcheck", "Ask the running daemon; exit 0 if it is healthy, else 1");
  auto* schema = add_schema(app, chosen);
  auto* progress = app.add_subcommand("progress", "Look at progress, or decide on it");
  progress->require_subcommand(1);
  auto* show = progress->add_subcommand("show", "Print progress.json's content, checked");
  auto* fresh = progress->add_subcommand(
      "fresh",
      "Allow one start without progress although the data topics hold records: what was published before is "
      "published again");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& fault) {
    return usage_fault(app, fault);
  }
  const auto file = config_file(chosen.config);
  if (*check) return check_config(file);
  if (*print) return print_config(file);
  if (*status) return show_status(file, chosen.json);
  if (*health) return check_health(file);
  if (*schema) return show_schema(chosen.format, chosen.replaced_only);
  if (*progress && *show) return show_progress(file);
  if (*progress && *fresh) return allow_fresh(file);
  static_cast<void>(run);
  return run_streams(file, chosen.dry_run, chosen.once);
}

}  // namespace oes
