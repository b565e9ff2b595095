#include "pipeline/plan_steps.hpp"

#include <algorithm>
#include <utility>

#include "groups/provisional_edge.hpp"
#include "pipeline/choose_changes.hpp"
#include "pipeline/label_scan.hpp"

namespace oes {

namespace asio = boost::asio;

asio::awaitable<planned_steps> plan_steps(const request_group& group, const group_state& state, const group_plan& plan,
                                          const time_series_answer& answer, asio::any_io_executor loop) {
  planned_steps out;
  const auto& context = plan.context;
  const auto edge = provisional_from(answer, plan, group.identity.interval);
  // What is held back is not taken sooner by a plan of another time than the one that its answer tells.
  const auto held_from =
      group.publish_after.count() > 0 ? first_open(context.now, group.identity.interval) : network_time::max();
  for (const auto member : plan.members) {
    const auto& who = group.members[member];
    const auto& stands = state.members[member];
    const auto& published = state.ledgers[member];
    const bool doubted = std::find(plan.doubted.begin(), plan.doubted.end(), who.metric()) != plan.doubted.end();
    const auto block = std::find_if(answer.blocks.begin(), answer.blocks.end(),
                                    [&](const metric_block& b) { return b.metric == who.metric(); });
    if (block == answer.blocks.end() || block->all.empty()) {
      if (doubted && published.series() > 0) out.not_whole.emplace(member, unanswered::doubted);
      if (!doubted && published.published(plan.asked)) out.not_whole.emplace(member, unanswered::left_out);
      continue;
    }
    const auto columns = columns_named(who.metrics);
    const auto old = std::max(waits_behind(context.now, context.hole_after, group.identity.interval),
                              stands.position - std::chrono::seconds(1));
    auto scanning = scan_labels(*block, {stands.position, &published, old, columns}, loop);
    auto labels = co_await std::move(scanning);
    auto advance = advance_through({group.identity.interval, plan.window, stands.position, std::move(labels.seen),
                                    context.now, context.hole_after, group.edge, std::min(labels.waits_from, held_from),
                                    plan.proof_is_unreadable});
    const auto index = static_cast<std::size_t>(block - answer.blocks.begin());
    const selection_question question{stands.ledger_from, stands.position, advance.position, who.revisions,
                                      who.publish_nulls,  columns,         plan.asked,       numbers_of(who.options)};
    auto choosing = choose_changes(answer, index, published, question, loop);
    auto chosen = co_await std::move(choosing);
    const bool has_rows =
        std::any_of(block->all.begin(), block->all.end(), [](const series& one) { return !one.points.empty(); });
    if (has_rows) out.compared.push_back({member, chosen.unchanged, chosen.nulls});
    const bool whole = chosen.left_alone == 0 && chosen.left_out == 0 && !doubted;
    if (!whole) out.not_whole.emplace(member, doubted ? unanswered::doubted : unanswered::left_out);
    if (!advance.moved && chosen.chosen == 0) continue;
    for (const auto label : chosen.late)
      advance.publish.push_back({label, bucket_add(label, group.identity.interval, 1)});
    auto owed = whole ? state.re_reads.keep_from(member, plan.asked) : state.re_reads.keep_from(member);
    const auto with_poll = plan.with_poll.find(member);
    if (!whole && with_poll != plan.with_poll.end()) owed = std::min(owed, with_poll->second);
    out.moves = out.moves || advance.moved;
    out.published.push_back({member, chosen.chosen, chosen.revised});
    out.steps.push_back({member, std::move(advance), {std::move(chosen), who.options, edge}, owed});
  }
  co_return out;
}

}  // namespace oes
