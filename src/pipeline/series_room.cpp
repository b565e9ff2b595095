#include "pipeline/series_room.hpp"

#include <algorithm>

#include "model/answer_bounds.hpp"

namespace oes {
namespace {

std::size_t new_series(const ledger& known, const metric_block& block) {
  return static_cast<std::size_t>(std::count_if(
      block.all.begin(), block.all.end(), [&known](const series& one) { return !known.find(one.labels).has_value(); }));
}

}  // namespace

result<void> check_series_room(const request_group& group, const std::vector<ledger>& ledgers,
                               const std::vector<std::size_t>& members, const time_series_answer& answer) {
  for (const auto member : members) {
    const auto& who = group.members[member];
    const auto block = std::find_if(answer.blocks.begin(), answer.blocks.end(),
                                    [&](const metric_block& b) { return b.metric == who.metric(); });
    if (block == answer.blocks.end()) continue;
    const auto& known = ledgers[member];
    if (known.series() + block->all.size() <= most_series_of_a_member) continue;
    const auto more = new_series(known, *block);
    if (known.series() + more <= most_series_of_a_member) continue;
    return error{errc::rejected,
                 std::to_string(more) + " new series of " + who.key.second + " beside the " +
                     std::to_string(known.series()) + " that stream '" + who.key.first +
                     "' has published: more than 65,535 cannot be told apart. If their labels really change so often, "
                     "give the stream a new name"};
  }
  return {};
}

}  // namespace oes
