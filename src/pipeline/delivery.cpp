#include "pipeline/delivery.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <stdexcept>
#include <utility>

#include "async/slices.hpp"
#include "async/task_group.hpp"
#include "avro/frame.hpp"
#include "avro/record_reader.hpp"
#include "model/fault_point.hpp"
#include "pipeline/ledger_entries.hpp"
#include "records/avro_schema.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

constexpr std::size_t sample_lines = 3;
constexpr std::size_t records_per_slice = 10'000;  // about 3 ms

// Half the bytes, as many records: one chunk is under way while the next is built, and together they take no more
// memory than one full transaction. The price is twice as many commits.
chunk_limits half_of(const chunk_limits& transaction) { return {transaction.records, transaction.bytes / 2}; }

// One label alone may be more than a transaction holds: it is never torn.
bool is_over(const chunk_limits& transaction, const record_batch& batch) {
  return batch.records.size() > transaction.records || batch.bytes.size() > transaction.bytes;
}

using changes = std::vector<std::pair<member_key, member_patch>>;

// What one member has once its chunk is committed.
struct chunk_effect {
  std::size_t member = 0;
  member_patch patch;
  std::optional<network_time> ledger_begin;  ///< from there on what is published is entered; none: nothing is
  ledger_update ledger = {};
};

// One chunk on its way.
struct inflight_chunk {
  explicit inflight_chunk(const asio::any_io_executor& loop) : done(loop) {}
  event done;
  result<void> fate;
  std::vector<chunk_effect> adds;  ///< parallel to the steps
  std::vector<std::string> sample;
};

changes changes_of(const request_group& group, const inflight_chunk& f) {
  changes out;
  for (const auto& add : f.adds) out.emplace_back(group.members[add.member].key, add.patch);
  return out;
}

std::vector<std::optional<network_time>> ledger_begins(const inflight_chunk& f) {
  std::vector<std::optional<network_time>> out;
  for (const auto& add : f.adds) out.push_back(add.ledger_begin);
  return out;
}

std::vector<ledger_update> updates_of(const inflight_chunk& f) {
  std::vector<ledger_update> out;
  for (const auto& add : f.adds) {
    const auto& one = add.ledger;
    if (!one.dictionary.empty() || !one.rows.empty() || !one.forgotten.empty()) out.push_back(one);
  }
  return out;
}

// As JSON, for people.
std::vector<std::string> sample_of(const record_batch& batch) {
  static const avro::record_reader reader(*avro::read_schema(avro_schema(record_kind::point)));
  std::vector<std::string> lines;
  const auto count = std::min(sample_lines, batch.records.size());
  for (std::size_t i = 0; i < count; ++i) {
    const auto value = batch.value(batch.records[i]);
    const auto frame = avro::split_frame(value);
    lines.push_back(frame ? reader.json(frame->body).value() : std::string(value));
  }
  return lines;
}

// What the chunk of labels in `part` adds to the step's member. The ledger reaches back by the horizon from the
// position that the chunk itself commits: what a later chunk compares, or a restart after this one, stays in it.
chunk_effect effect_of(const request_group& group, const member_step& step, const member_progress& before,
                       time_range part, utc_time now) {
  chunk_effect out{step.member, patch_of(step.advance, part, now), std::nullopt};
  auto& patch = out.patch;
  for (const auto& range : step.read_again.ranges()) {
    patch.read_again.add({std::max(range.begin, part.begin), std::min(range.end, part.end)});
  }
  if (!step.keep_from) {
    for (const auto& hole : patch.gaps) patch.closed.add(hole.range);  // known gaps get the newer reason
    return out;
  }
  const auto position = std::max(before.position, patch.position.value_or(before.position));
  const auto horizon = bucket_floor(position - horizon_of(group.re_reads), group.identity.interval);
  auto begin = std::min({horizon, *step.keep_from, part.end});
  if (seeded_bug("ledger-ahead"))
    begin = bucket_floor(step.advance.position - horizon_of(group.re_reads), group.identity.interval);
  if (begin > before.ledger_from) patch.ledger_from = begin;
  out.ledger_begin = std::max(begin, before.ledger_from);
  return out;
}

// Progress never says more than its chunk carries. A fault here is ours, and must not reach Kafka.
void check_reach(const request_group& group, const member_step& step, const member_patch& patch, time_range part) {
  if (reach_of(patch) <= part.end || seeded_bug("ledger-ahead")) return;
  throw std::logic_error("stream '" + group.members[step.member].stream() + "': progress would reach " +
                         format(reach_of(patch)) + ", beyond its chunk, which ends at " + format(part.end));
}

/// Only a seeded bug does this: a half of the chunk goes before its progress, and ends inside a label.
record_batch torn_off(record_batch& whole) {
  record_batch out = whole;
  out.records.resize(whole.records.size() / 2);
  whole.records.erase(whole.records.begin(), whole.records.begin() + static_cast<std::ptrdiff_t>(out.records.size()));
  return out;
}

asio::awaitable<void> start_commit(submission work, inflight_chunk& f, committer& to) {
  auto fate = co_await to.commit(std::move(work));
  f.fate = std::move(fate);
  f.done.set();
}

asio::awaitable<result<void>> await_commit(inflight_chunk& f, group_state& state, reporter& report) {
  const bool landed = co_await f.done.wait();
  if (!landed) co_return error{errc::stopped, "stopped while a chunk was under way; its end is not known"};
  if (!f.fate) co_return f.fate;
  for (const auto& add : f.adds) {
    apply(state.members[add.member], add.patch);
    if (add.ledger_begin) apply(state.ledgers[add.member], add.ledger, *add.ledger_begin);
  }
  report.newest_records(f.sample);
  co_return result<void>();
}

// With what the registry calls the schemas now.
result<std::vector<record_plan>> plans_of(const std::vector<member_step>& steps, const writer& write) {
  std::vector<record_plan> plans;
  plans.reserve(steps.size());
  for (const auto& step : steps) {
    plans.push_back(step.records);
    auto& options = plans.back().options;
    if (auto why = write.held_back(options.topic)) {
      why->code = errc::kafka_refused;  // to the stream it is the same: its topic does not take records
      why->topic = options.topic;
      return std::move(*why);
    }
    const auto& id_of = write.schemas.id_of;
    if (options.format == record_format::avro && id_of) options.schema_id = id_of(options.topic);
  }
  return plans;
}

struct delivery {
  const request_group& group;
  group_state& state;
  writer& write;
  const time_series_answer& answer;
  const std::vector<member_step>& steps;
  const work_in_hand& hand;  ///< its window: what was asked
  task_group& inflight;
  std::unique_ptr<inflight_chunk>& ahead;  ///< the chunk under way
};

asio::awaitable<result<void>> deliver_chunks(delivery d) {
  auto& [group, state, write, answer, steps, hand, inflight, ahead] = d;
  const time_range asked = hand.window;
  auto plans = plans_of(steps, write);
  if (!plans) co_return plans.error();
  record_builder builder(answer, std::move(*plans));
  const std::vector<member_progress> before = state.members;
  const auto now = write.clock.now();
  auto delivered_before = network_time::min();
  bool last = false;
  while (!last) {
    built_chunk chunk;
    if (!builder.done()) {
      write.to.versions().see_clock(write.clock.now());
      builder.begin(half_of(write.transaction));
      auto& versions = write.to.versions();
      const auto build = [&builder, &versions](std::size_t records) { return builder.advance(records, versions); };
      auto building = in_slices(write.loop, build, records_per_slice);
      co_await std::move(building);
      chunk = builder.take();
    }
    last = builder.done();
    auto next = std::make_unique<inflight_chunk>(write.loop);
    const auto end = last ? asked.end : std::min(chunk.complete_before, asked.end);
    const time_range part{std::exchange(delivered_before, end), end};
    for (const auto& step : steps) {
      next->adds.push_back(effect_of(group, step, before[step.member], part, now));
      check_reach(group, step, next->adds.back().patch, part);
    }
    next->sample = sample_of(chunk.batch);
    if (is_over(write.transaction, chunk.batch))
      write.report.over_limits(group, chunk.batch.records.size(), chunk.batch.bytes.size());
    if (ahead) {
      auto landed = co_await await_commit(*ahead, state, write.report);
      if (!landed) co_return landed;
      ahead.reset();
    }
    // After that commit: the ledgers are as committed.
    auto updates = ledger_updates(group, state.ledgers, answer, steps, ledger_begins(*next), chunk);
    for (std::size_t i = 0; i < updates.size(); ++i) next->adds[i].ledger = std::move(updates[i]);
    if (seeded_bug("label-torn") && chunk.batch.records.size() > 1) {
      submission torn{torn_off(chunk.batch), {}, {}};
      auto fate = co_await write.to.commit(std::move(torn));
      if (!fate) co_return fate;
    }
    submission work{std::move(chunk.batch), changes_of(group, *next), updates_of(*next)};
    work.work = hand;
    inflight.start(coroutine_of(group), start_commit(std::move(work), *next, write.to));
    ahead = std::move(next);
    // Let the committer hand this chunk to Kafka's thread before the next one is built beside it.
    for (int turn = 0; turn < 4 && !last; ++turn) co_await asio::post(write.loop, asio::use_awaitable);
  }
  auto landed = co_await await_commit(*ahead, state, write.report);
  co_return landed;
}

}  // namespace

member_patch patch_of(const advance_answer& advance, time_range part, utc_time now) {
  const auto within = [part](time_range r) {
    return time_range{std::max(r.begin, part.begin), std::min(r.end, part.end)};
  };
  member_patch patch;
  for (const auto& range : advance.publish) patch.covered.add(within(range));
  for (const auto& hole : advance.holes) {
    const auto passed = within(hole);
    if (!passed.empty()) patch.gaps.push_back({passed, "no_data", now});
  }
  if (advance.moved) patch.position = std::min(advance.position, part.end);
  return patch;
}

asio::awaitable<result<void>> deliver(const request_group& group, group_state& state, writer& write,
                                      const time_series_answer& answer, work_in_hand hand,
                                      std::vector<member_step> steps) {
  task_group inflight(write.loop, write.on_failure);
  std::unique_ptr<inflight_chunk> ahead;
  result<void> fate;
  std::exception_ptr thrown;
  try {
    auto delivering = deliver_chunks({group, state, write, answer, steps, hand, inflight, ahead});
    fate = co_await std::move(delivering);
  } catch (...) {
    thrown = std::current_exception();
  }
  // Whatever came, also where this one is cancelled: they work with this frame.
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  co_await inflight.join();
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (thrown) std::rethrow_exception(thrown);
  co_return fate;
}

}  // namespace oes
