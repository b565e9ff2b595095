#include "app/term_reader.hpp"

#include <functional>
#include <random>
#include <string>
#include <string_view>

#include "app/begin_quarantined.hpp"
#include "app/rejected_samples.hpp"

namespace oes {
namespace {

std::function<double()> uniform_of(std::mt19937_64& random) {
  return [&random] { return std::uniform_real_distribution<double>(0.0, 1.0)(random); };
}

std::function<void(const std::string&, std::string_view)> sample_keeper_of(const term_context& context) {
  return [&context](const std::string& why, std::string_view body) {
    auto& all = context.all;
    all.files.samples.begin([folder = all.config.progress_path, why, text = std::string(body), hide = all.api.secrets] {
      keep_rejected_sample(folder, why, text, hide);
      return result<void>();
    });
  };
}

}  // namespace

reader make_reader(term_context& context, event& tap, event* eased) {
  auto& all = context.all;
  return reader({.loop = all.loop.get_executor(),
                 .source = *all.api.source,
                 .budget = context.budget,
                 .clock = all.clock,
                 .report = all.telling.report,
                 .tap = tap,
                 .uniform = uniform_of(all.random),
                 .keep_sample = sample_keeper_of(context),
                 .facilities = &all.facilities,
                 .eased = eased});
}

poll_context make_poll_context(term_context& context, event& tap) {
  auto& all = context.all;
  return {.clock = all.clock,
          .schedule = all.config.schedule,
          .limits = context.limits,
          .budget = context.budget,
          .tap = tap,
          .uniform = uniform_of(all.random),
          .report = all.telling.report,
          .work = watched_by(all.crashes)};
}

}  // namespace oes
