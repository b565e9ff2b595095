#include "app/term_reader.hpp"

#include <random>
#include <string>

#include "app/begin_apart.hpp"
#include "app/rejected_samples.hpp"

namespace oes {

reader make_reader(term_context& context, event& tap, event* eased) {
  auto& all = context.all;
  return {all.loop.get_executor(),
          *all.api.from,
          context.budget,
          all.clock,
          all.telling.report,
          all.config.schedule,
          context.limits,
          tap,
          [&all] { return std::uniform_real_distribution<double>(0.0, 1.0)(all.random); },
          [&all](const std::string& why, std::string_view body) {
            all.files.samples.begin(
                [folder = all.config.progress_path, why, text = std::string(body), hide = all.api.secrets] {
                  keep_rejected_sample(folder, why, text, hide);
                  return result<void>();
                });
          },
          &all.facilities,
          watched_by(all.crashes),
          eased};
}

}  // namespace oes
