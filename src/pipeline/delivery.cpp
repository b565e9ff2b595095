#include "pipeline/delivery.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "async/task_group.hpp"
#include "pipeline/ledger_entries.hpp"
#include "pipeline/provisional_edge.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

constexpr std::size_t sample_lines = 3;

// One chunk is under way while the next is built: together they take no more memory than one full transaction. The
// price is twice as many commits.
chunk_limits half_of(const chunk_limits& transaction) { return {transaction.records, transaction.bytes / 2}; }

using changes = std::vector<std::pair<member_key, member_patch>>;

// One chunk on its way: what its members have once it is committed.
struct flight {
  explicit flight(const asio::any_io_executor& loop) : done(loop) {}
  event done;
  result<void> fate;
  std::vector<std::pair<std::size_t, member_patch>> adds;  ///< by member
  std::vector<std::string> sample;
};

changes changes_of(const request_group& group, const flight& f) {
  changes out;
  for (const auto& [member, patch] : f.adds) out.emplace_back(group.members[member].key, patch);
  return out;
}

std::vector<std::optional<network_time>> ledger_begins(const flight& f) {
  std::vector<std::optional<network_time>> out;
  for (const auto& [member, patch] : f.adds) out.push_back(patch.ledger_from);
  return out;
}

std::vector<std::string> sample_of(const record_batch& batch) {
  std::vector<std::string> lines;
  const auto count = std::min(sample_lines, batch.records.size());
  for (std::size_t i = 0; i < count; ++i) lines.emplace_back(batch.value(batch.records[i]));
  return lines;
}

// What the chunk of labels in `part` adds to the step's member. What will have left the horizon by the answer's end is
// not entered into the ledger first.
member_patch patch_for(const member_step& step, const member_progress& before, time_range part, utc_time now) {
  auto patch = patch_of(step.advance, part, now);
  for (const auto& range : step.read_again.ranges()) {
    patch.read_again.add({std::max(range.begin, part.begin), std::min(range.end, part.end)});
  }
  if (!step.ledger_begin) {
    for (const auto& hole : patch.gaps) patch.closed.add(hole.range);  // known gaps get the newer reason
    return patch;
  }
  const auto position = std::max(before.position, patch.position.value_or(before.position));
  patch.ledger_from = std::max(before.ledger_from, std::min(position, *step.ledger_begin));
  return patch;
}

asio::awaitable<void> fly(submission work, flight& f, committer& to) {
  auto fate = co_await to.commit(std::move(work));
  f.fate = std::move(fate);
  f.done.set();
}

asio::awaitable<result<void>> land(flight& f, group_state& state, reporter& report) {
  co_await f.done.wait();
  if (!f.fate) co_return f.fate;
  for (const auto& [member, patch] : f.adds) apply(state.members[member], patch);
  report.newest_records(f.sample);
  co_return result<void>();
}

}  // namespace

std::vector<member_step> plan_steps(const request_group& group, const group_state& state, const group_plan& plan,
                                    const time_series_answer& answer, const plan_context& context) {
  std::vector<member_step> steps;
  const auto edge = provisional_from(answer, plan, group.identity.interval, context);
  for (const auto member : plan.members) {
    const auto& who = group.members[member];
    const auto& stands = state.members[member];
    const auto block = std::find_if(answer.blocks.begin(), answer.blocks.end(),
                                    [&](const metric_block& b) { return b.metric == who.metric(); });
    if (block == answer.blocks.end()) continue;
    auto advance = advance_through({group.identity.interval, plan.window, stands.position,
                                    labels_of(*block, stands.position), context.now, context.hole_after, group.edge});
    const auto index = static_cast<std::size_t>(block - answer.blocks.begin());
    auto chosen =
        select_changes(answer, index, state.ledgers[member],
                       {stands.ledger_from, stands.position, advance.position, who.revisions, who.publish_nulls});
    if (!advance.moved && chosen.chosen == 0) continue;
    for (const auto label : chosen.late)
      advance.publish.push_back({label, bucket_add(label, group.identity.interval, 1)});
    const auto horizon = bucket_floor(advance.position - horizon_of(group.re_reads), group.identity.interval);
    steps.push_back({member, std::move(advance), {std::move(chosen), who.options, edge}, horizon});
  }
  return steps;
}

asio::awaitable<result<void>> deliver(const request_group& group, group_state& state, corridor& c,
                                      const time_series_answer& answer, std::vector<member_step> steps) {
  std::vector<record_plan> plans;
  plans.reserve(steps.size());
  for (const auto& step : steps) plans.push_back(step.records);
  record_builder builder(answer, std::move(plans));
  task_group flights(c.loop, c.on_failure);
  std::unique_ptr<flight> ahead;
  const std::vector<member_progress> before = state.members;
  const auto now = c.clock.now();
  auto delivered_before = network_time::min();
  result<void> fate;
  bool last = false;
  while (!last) {
    built_chunk chunk;
    if (!builder.done()) {
      c.to.versions().see_clock(c.clock.now());
      chunk = builder.next(half_of(c.chunk), c.to.versions());
    }
    last = builder.done();
    auto next = std::make_unique<flight>(c.loop);
    const auto complete_before = last ? network_time::max() : chunk.complete_before;
    const time_range part{std::exchange(delivered_before, complete_before), complete_before};
    for (const auto& step : steps)
      next->adds.emplace_back(step.member, patch_for(step, before[step.member], part, now));
    auto entries = enter_chunk(group, state.ledgers, answer, steps, ledger_begins(*next), chunk);
    next->sample = sample_of(chunk.batch);
    if (ahead) {
      fate = co_await land(*ahead, state, c.report);
      ahead.reset();
      if (!fate) break;
    }
    submission work{std::move(chunk.batch), changes_of(group, *next), std::move(entries)};
    flights.start(stream_names(group), fly(std::move(work), *next, c.to));
    ahead = std::move(next);
    // Let the committer hand this chunk to Kafka's thread before the next one is built beside it.
    for (int turn = 0; turn < 4 && !last; ++turn) co_await asio::post(c.loop, asio::use_awaitable);
  }
  if (ahead) fate = co_await land(*ahead, state, c.report);
  co_await flights.join();
  co_return fate;
}

}  // namespace oes
