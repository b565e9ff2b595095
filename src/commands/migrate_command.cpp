#include "commands/migrate_command.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <set>

#include "async/clock.hpp"
#include "config/config_file.hpp"
#include "config/loader.hpp"
#include "config/wanted_requests.hpp"
#include "fetch/base_url.hpp"
#include "files/local_file.hpp"
#include "model/utf8.hpp"
#include "progress/progress_file_text.hpp"

namespace oes {
namespace {

namespace fs = std::filesystem;

error named(const std::string& file, const error& why) {
  return {errc::bad_config, (file == "-" ? "standard input" : file) + ": " + why.context};
}

// A byte more than is taken, so that it is seen.
result<std::string> read_given(const std::string& file) {
  auto text = file == "-" ? read_given_input(longest_python + 1) : read_given_file(file, longest_python + 1);
  // As PowerShell's `>` writes it.
  const auto starts = [&](std::string_view mark) { return text->starts_with(mark); };
  if (text && (starts("\xff\xfe") || starts("\xfe\xff") || text->find('\0') != std::string::npos)) {
    return error{errc::bad_config, "it is no UTF-8 but UTF-16, or no text: save it as UTF-8"};
  }
  return text;
}

result<std::vector<migrated_job>> read_jobs(const std::vector<std::string>& files) {
  std::vector<migrated_job> jobs;
  std::string complaints;
  for (const auto& file : files) {
    const auto text = read_given(file);
    if (!text) return named(file, text.error());
    const auto sets = find_option_sets(*text);
    if (!sets) return named(file, sets.error());
    for (const auto& set : *sets) {
      const auto where = (file == "-" ? "<stdin>" : file) + ":" + std::to_string(set.line);
      auto job = read_old_job(set, where);
      const auto fault = job && !job->base_url.empty() ? fault_of_url(job->base_url) : "";
      if (!fault.empty()) job = error{errc::bad_config, std::string(where).append(": base_url: ").append(fault)};
      if (job) {
        jobs.push_back({std::move(*job), std::nullopt});
      } else {
        complaints += (complaints.empty() ? "" : "\n") + job.error().context;
      }
    }
  }
  if (!complaints.empty()) return error{errc::bad_config, complaints};
  return jobs;
}

std::string progress_file_of(const std::string& given) {
  std::error_code failed;
  return fs::is_directory(given, failed) ? (fs::path(given) / "progress.json").string() : given;
}

result<std::optional<network_time>> read_old_progress(const std::string& given, network net) {
  if (given == "none") return std::nullopt;
  const auto file = progress_file_of(given);
  const auto text = read_given(file);
  if (!text) return named(file, text.error());
  const auto says = read_progress_text(*text);
  if (says && says->replaced_source_instant) return to_network_time(*says->replaced_source_instant, net);
  if (says && says->replaced_source_start) return says->replaced_source_start;
  return error{errc::bad_config,
               file + ": not a progress file of the old source, {\"timestamp\": \"2024-01-15T10:30:00\"}: it " +
                   (says ? "is one of this daemon" : says.error().context)};
}

// Where none was named: where the options say that it lay, if it still does.
std::vector<std::string> usual_progress(const std::vector<migrated_job>& jobs) {
  std::vector<std::string> out;
  for (const auto& job : jobs) {
    const auto file = job.asked.progress_path.empty() ? "" : progress_file_of(job.asked.progress_path);
    std::error_code failed;
    out.push_back(!file.empty() && fs::is_regular_file(file, failed) ? file : "none");
    if (out.back() != "none") {
      std::cerr << "progress read from " << printable(file) << ", which the options name\n";
    } else if (!file.empty()) {
      std::cerr << "no progress read: " << printable(file) << ", which the options name, is not here\n";
    }
  }
  return out;
}

result<void> add_progress_files(std::vector<migrated_job>& jobs, std::vector<std::string> files) {
  if (files.empty()) files = usual_progress(jobs);
  if (files.size() == 1) files.resize(jobs.size(), files.front());
  if (files.size() != jobs.size()) {
    return error{errc::bad_config,
                 std::to_string(files.size()) + " progress files for " + std::to_string(jobs.size()) +
                     " jobs: give one for each, in the jobs' order (none where there is none), or one for all"};
  }
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const auto at = read_old_progress(files[i], jobs[i].asked.net);
    if (!at) return at.error();
    jobs[i].progress = *at;
  }
  return {};
}

// An existing file may be somebody's configuration.
result<void> write_new_file(const std::string& path, const std::string& text) {
  const auto fail = [&path] { return error{errc::io_error, path + ": " + std::strerror(errno)}; };
  const local_file file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (file.get() < 0) return fail();
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto put = ::write(file.get(), rest.data(), rest.size());
    if (put < 0 && errno != EINTR) return fail();
    if (put > 0) rest.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

// What was made is read as the daemon would: nothing leaves here that it does not take.
result<migration_cost> cost_of(const std::string& text) {
  const auto loaded = parse_configuration(text, "the new configuration", process_environment());
  if (!loaded.config) {
    std::string why;
    for (const auto& problem : loaded.problems) {
      if (problem.level == severity::fault) why += (why.empty() ? "" : "\n") + describe(problem);
    }
    return error{errc::bad_config, why};
  }
  migration_cost out;
  for (const auto& stream : loaded.config->streams) {
    for (const auto& part : parts_of(stream)) {
      auto topic = topic_for(stream, part.from, part.name);
      if (std::find(out.topics.begin(), out.topics.end(), topic) == out.topics.end()) out.topics.push_back(topic);
    }
  }
  out.requests_a_day = count_requests(loaded.config->streams, limits_of(loaded.config->budget.plan)).a_day;
  return out;
}

exit_code migration_failed(const error& why) {
  std::cerr << why.context << '\n';
  return why.code == errc::io_error ? exit_failure : exit_config;
}

exit_code migrate(const migrate_options& chosen) {
  auto jobs = read_jobs(chosen.options);
  if (!jobs) return migration_failed(jobs.error());
  if (const auto added = add_progress_files(*jobs, chosen.progress); !added) return migration_failed(added.error());
  const migration_input input{std::move(*jobs), wall_now(),
                              chosen.keep_batch_size ? old_batch_size::kept : old_batch_size::left_out, chosen.since};
  const auto plan = plan_migration(input);
  if (!plan) return migration_failed(plan.error());
  const auto text = configuration_text(*plan, "on " + format_utc_seconds(input.now));
  const auto cost = cost_of(text);
  if (!cost) return migration_failed(cost.error());
  const auto advice = migration_advice(*plan, *cost, chosen.out);
  if (chosen.out.empty()) {
    std::cout << text << std::flush;
    std::cerr << advice;
    return std::cout ? exit_ok : exit_failure;
  }
  if (const auto written = write_new_file(chosen.out, text); !written) return migration_failed(written.error());
  std::cout << "configuration: " << chosen.out << ", " << plan->streams.size() << " stream(s)\n"
            << advice << std::flush;
  return std::cout ? exit_ok : exit_failure;
}

}  // namespace

std::function<std::optional<exit_code>()> add_migrate(CLI::App& app, migrate_options& chosen) {
  auto* command = app.add_subcommand(
      "migrate",
      "From the options and progress files of the PySpark source openelectricity_stream make a configuration, and say "
      "what to mind. Nothing is asked of API or Kafka");
  command
      ->add_option("--options", chosen.options,
                   "The old options: a Python dict, JSON, a list of them, or the script itself; - for standard input. "
                   "Several jobs: several dicts, or several times this option")
      ->required()
      ->allow_extra_args(false)
      ->type_name("FILE");
  command
      ->add_option(
          "--progress", chosen.progress,
          "The old progress.json, or its folder: one for each job in their order, none where there is none, or "
          "one for all (default: where the options say that it lies)")
      ->allow_extra_args(false)
      ->type_name("FILE");
  command->add_option("--out", chosen.out, "A new file for the configuration (default: standard output)")
      ->type_name("FILE");
  command
      ->add_option("--since", chosen.since,
                   "Begin there, and delete from there, where the old table has holes: a time on the network's clock, "
                   "or with an offset (default: a day before the progress)")
      ->type_name("TIME");
  command->add_flag(
      "--keep-batch-size", chosen.keep_batch_size,
      "Keep batch_size_hours: small requests, each a credit, instead of the largest that the plan allows");
  return [=, &chosen]() -> std::optional<exit_code> {
    if (!*command) return std::nullopt;
    return migrate(chosen);
  };
}

}  // namespace oes
