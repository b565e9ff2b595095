#include "commands/progress_command_line.hpp"

#include "commands/commands.hpp"

namespace oes {
namespace {

constexpr auto why_help = "Why: kept in the progress topic beside the change";

std::string is_said(const std::string& reason) {
  const bool blank = reason.find_first_not_of(" \t\r\n") == std::string::npos;
  return blank ? "a reason cannot be blank" : "";
}

CLI::App* add_change(CLI::App& progress, progress_options& chosen, const std::string& name, const std::string& help) {
  auto* change = progress.add_subcommand(name, help);
  change->add_option("--reason", chosen.asked.reason, why_help)->required()->type_name("TEXT")->check(is_said);
  change->add_flag("-y,--yes", chosen.yes, "Do it without asking");
  return change;
}

CLI::Option* add_stream(CLI::App& change, progress_options& chosen) {
  auto* stream = change.add_option("--stream", chosen.asked.stream, "Name of the stream");
  change.add_option("--metric", chosen.asked.metric, "Only this metric of it")->needs(stream);
  return stream;
}

CLI::App* add_reset(CLI::App& progress, progress_options& chosen) {
  auto* reset =
      add_change(progress, chosen, "reset",
                 "Forget a stream's progress: it begins again at its `start:` and is published a second time "
                 "from there. Or, with --trust, decide between Kafka and a progress.json that contradicts it");
  auto* stream = add_stream(*reset, chosen);
  auto* trust = reset->add_option("--trust", chosen.asked.side,
                                  "kafka: go on from Kafka's progress, what came after it is published again; file: "
                                  "write progress.json into Kafka, records that Kafka lost stay missing");
  trust->check(CLI::IsMember({"kafka", "file"}))->excludes(stream);
  reset->callback([stream, trust] {
    if (stream->count() + trust->count() == 0) throw CLI::RequiredError("--stream or --trust");
  });
  return reset;
}

CLI::App* add_seek(CLI::App& progress, progress_options& chosen) {
  auto* seek = add_change(
      progress, chosen, "seek",
      "Set where a stream goes on. Back: everything from --to on is published again, as revision 0 with higher "
      "versions. Forward: everything up to --to is skipped and recorded as a gap");
  add_stream(*seek, chosen)->required();
  seek->add_option("--to", chosen.asked.to,
                   "2026-11-23 or 2026-11-23T10:00:00, the network's own clock; or with an offset")
      ->required()
      ->type_name("TIME");
  return seek;
}

CLI::App* add_rename(CLI::App& progress, progress_options& chosen) {
  auto* rename = add_change(progress, chosen, "rename",
                            "Move a stream's progress to the new name that the configuration gives it. Nothing is "
                            "repeated");
  rename->add_option("--from", chosen.asked.stream, "The old name")->required()->type_name("STREAM");
  rename->add_option("--to", chosen.asked.to, "The new name")->required()->type_name("STREAM");
  return rename;
}

CLI::App* add_import(CLI::App& progress, progress_options& chosen) {
  auto* import =
      add_change(progress, chosen, "import",
                 "Go on from an export of another cluster or deployment: what it covers is not fetched here, "
                 "so what these data topics lack of it stays missing");
  import->add_option("--from", chosen.import_from, "File that `progress export` wrote")->required()->type_name("FILE");
  import->add_flag("--replace", chosen.asked.replace,
                   "Even where there is progress already: what only that covers is published again");
  return import;
}

std::string typed(const std::string& command, const progress_options& chosen) {
  const auto& asked = chosen.asked;
  auto out = command;
  const auto put = [&](const char* option, const std::string& value) {
    if (!value.empty()) out.append(" ").append(option).append(" ").append(value);
  };
  const bool renames = command == "rename";
  put(renames ? "--from" : "--stream", asked.stream);
  put("--metric", asked.metric);
  put("--from", chosen.import_from);
  put("--to", asked.to);
  put("--trust", asked.side);
  if (asked.replace) out += " --replace";
  return out;
}

job job_of(job_kind kind, const std::string& command, const progress_options& chosen) {
  job asked = chosen.asked;
  asked.kind = kind;
  asked.command = typed(command, chosen);
  return asked;
}

}  // namespace

std::function<std::optional<exit_code>(const config_source&)> add_progress(CLI::App& app, progress_options& chosen) {
  auto* progress = app.add_subcommand(
      "progress",
      "Look at what was published, check it, move it, decide on it. Changes are made by the running daemon, "
      "else by the command itself");
  progress->require_subcommand(1);
  auto* show = progress->add_subcommand("show", "Progress, from the daemon, else from Kafka, else from progress.json");
  show->add_flag("--json", chosen.json, "As JSON, the form of progress.json");
  auto* copy = progress->add_subcommand("export", "Write the whole progress as one document, to be imported elsewhere");
  copy->add_option("--to", chosen.export_to, "File; standard output without it")->type_name("FILE");
  auto* import = add_import(*progress, chosen);
  auto* verify = progress->add_subcommand(
      "verify", "Read the data topics to their ends and hold them against progress; exit 1 if something does not fit");
  verify->add_option("--stream", chosen.verified_stream, "Only this one");
  auto* reset = add_reset(*progress, chosen);
  auto* seek = add_seek(*progress, chosen);
  auto* rename = add_rename(*progress, chosen);
  auto* adopt =
      add_change(*progress, chosen, "adopt",
                 "The cluster has a new id but the same data (restored, mirrored): go on there. What only the "
                 "old cluster's topics hold stays missing");
  auto* fresh = progress->add_subcommand(
      "fresh",
      "Allow one start without progress although the data topics hold records: what was published before is "
      "published again");
  return [=, &chosen](const config_source& file) -> std::optional<exit_code> {
    const auto yes = chosen.yes ? consent::given : consent::ask;
    const auto change = [&](job_kind kind, const std::string& command) {
      return change_progress(file, job_of(kind, command, chosen), yes);
    };
    if (*show) return show_progress(file, chosen.json);
    if (*copy) return export_progress(file, chosen.export_to);
    if (*verify) {
      const auto config = load_for_command(file);
      return config ? verify_progress(*config, chosen.verified_stream) : exit_config;
    }
    if (*fresh) return allow_fresh(file);
    if (*seek) return change(job_kind::seek, "seek");
    if (*rename) return change(job_kind::rename, "rename");
    if (*adopt) return change(job_kind::adopt, "adopt");
    if (*reset) return change(chosen.asked.side.empty() ? job_kind::reset : job_kind::trust, "reset");
    if (!*import) return std::nullopt;
    return import_into_progress(file, chosen.import_from, job_of(job_kind::import_progress, "import", chosen), yes);
  };
}

}  // namespace oes
