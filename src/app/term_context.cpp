#include "app/term_context.hpp"

namespace oes {

backfill_outlook outlook_of(const term_context& context) {
  const auto& all = context.all;
  return {all.groups, all.facilities, context.limits, context.budget, context.density, all.clock.now()};
}

}  // namespace oes
