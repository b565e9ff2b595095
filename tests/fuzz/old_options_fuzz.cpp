// Options of the replaced source, as Python, JSON, or a script has them.
// Links: model config migrate
#include "fuzz/fuzz.hpp"
#include "migrate/migration.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace oes;
  using fuzz::require;
  const auto text = fuzz::text_of(data, size);
  static_cast<void>(read_python_literal(text));
  const auto sets = find_option_sets(text);
  if (!sets) {
    require(!sets.error().context.empty());
    return 0;
  }
  require(!sets->empty());
  migration_input input{{}, *parse_utc("2026-11-28T00:02:30Z"), old_batch_size::left_out};
  for (const auto& set : *sets) {
    auto job = read_old_job(set, "options");
    if (job) input.jobs.push_back({*job, job->start_time});
  }
  if (input.jobs.empty()) return 0;
  const auto plan = plan_migration(input);
  if (!plan) return 0;
  require(!plan->streams.empty());
  require(!configuration_text(*plan, "").empty() && !migration_advice(*plan, {}, "").empty());
  return 0;
}
