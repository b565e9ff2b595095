#include "pipeline/chunk_pipeline.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

#include "async/slices.hpp"
#include "async/task_group.hpp"
#include "avro/frame.hpp"
#include "avro/record_reader.hpp"
#include "model/fault_point.hpp"
#include "pipeline/chunk_effect.hpp"
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

// With what the registry calls the schemas now.
result<std::vector<record_plan>> plans_of(const std::vector<member_step>& steps, const writer& write) {
  std::vector<record_plan> plans;
  plans.reserve(steps.size());
  for (const auto& step : steps) {
    plans.push_back(step.records);
    auto& options = plans.back().options;
    if (auto why = write.not_admitted(options.topic)) {
      why->code = errc::kafka_refused;  // to the stream it is the same: its topic does not take records
      why->topic = options.topic;
      return std::move(*why);
    }
    const auto& id_of = write.schemas.id_of;
    if (options.format == record_format::avro && id_of) options.schema_id = id_of(options.topic);
  }
  return plans;
}

// The chunks of an answer: one is under way while the next is built. What is under way refers to it.
class chunk_pipeline {
 public:
  chunk_pipeline(const request_group& group, group_state& state, writer& write, const time_series_answer& answer,
                 const std::vector<member_step>& steps, const work_in_hand& hand)
      : group_(group),
        state_(state),
        write_(write),
        answer_(answer),
        steps_(steps),
        hand_(hand),
        before_(state.members),
        now_(write.clock.now()),
        inflight_(write.loop, write.on_failure) {}

  asio::awaitable<result<void>> run();
  /// Until nothing is under way any more.
  asio::awaitable<void> join() { co_await inflight_.join(); }

 private:
  asio::awaitable<built_chunk> build_next();
  std::unique_ptr<inflight_chunk> effects_of(const built_chunk& chunk);
  void enter_into_ledgers(inflight_chunk& next, const built_chunk& chunk);
  asio::awaitable<result<void>> hand_over(std::unique_ptr<inflight_chunk> next, built_chunk chunk);
  asio::awaitable<result<void>> land();

  const request_group& group_;
  group_state& state_;
  writer& write_;
  const time_series_answer& answer_;
  const std::vector<member_step>& steps_;
  const work_in_hand& hand_;  ///< its window: what was asked
  const std::vector<member_progress> before_;
  const utc_time now_;
  std::optional<record_builder> builder_;
  network_time delivered_before_ = network_time::min();
  task_group inflight_;
  std::unique_ptr<inflight_chunk> ahead_;  ///< the chunk under way
};

// Empty where nothing is to be published: then progress moves alone.
asio::awaitable<built_chunk> chunk_pipeline::build_next() {
  if (builder_->done()) co_return built_chunk();
  auto& versions = write_.committer.versions();
  versions.see_clock(write_.clock.now());
  builder_->begin(half_of(write_.committer.limits()));
  const auto build = [this, &versions](std::size_t records) { return builder_->advance(records, versions); };
  auto building = in_slices(write_.loop, build, records_per_slice);
  co_await std::move(building);
  auto chunk = builder_->take();
  if (is_over(write_.transaction, chunk.batch))
    write_.report.over_limits(group_, chunk.batch.records.size(), chunk.batch.bytes.size());
  co_return chunk;
}

std::unique_ptr<inflight_chunk> chunk_pipeline::effects_of(const built_chunk& chunk) {
  auto next = std::make_unique<inflight_chunk>(write_.loop);
  const auto asked_until = hand_.window.end;
  const auto end = builder_->done() ? asked_until : std::min(chunk.complete_before, asked_until);
  const time_range part{std::exchange(delivered_before_, end), end};
  for (const auto& step : steps_) {
    next->adds.push_back(effect_of(group_, step, before_[step.member], part, now_));
  }
  next->sample = sample_of(chunk.batch);
  return next;
}

// Once the chunk before has landed: the ledgers are as committed.
void chunk_pipeline::enter_into_ledgers(inflight_chunk& next, const built_chunk& chunk) {
  auto updates = ledger_updates(group_, state_.ledgers, answer_, steps_, ledger_begins(next), chunk);
  for (std::size_t i = 0; i < updates.size(); ++i) next.adds[i].ledger = std::move(updates[i]);
}

asio::awaitable<result<void>> chunk_pipeline::hand_over(std::unique_ptr<inflight_chunk> next, built_chunk chunk) {
  if (seeded_bug("label-torn") && chunk.batch.records.size() > 1) {
    submission torn{torn_off(chunk.batch), {}, {}};
    auto fate = co_await write_.committer.commit(std::move(torn));
    if (!fate) co_return fate;
  }
  submission work{std::move(chunk.batch), changes_of(group_, *next), updates_of(*next)};
  work.work = hand_;
  inflight_.start(coroutine_of(group_), start_commit(std::move(work), *next, write_.committer));
  ahead_ = std::move(next);
  co_return result<void>();
}

// The chunk under way is committed: members and ledgers follow it.
asio::awaitable<result<void>> chunk_pipeline::land() {
  if (!ahead_) co_return result<void>();
  const bool landed = co_await ahead_->done.wait();
  if (!landed) co_return error{errc::stopped, "stopped while a chunk was under way; its end is not known"};
  if (!ahead_->fate) co_return ahead_->fate;
  for (const auto& add : ahead_->adds) {
    apply(state_.members[add.member], add.patch);
    if (add.ledger_begin) apply(state_.ledgers[add.member], add.ledger, *add.ledger_begin);
  }
  write_.report.published_sample(ahead_->sample);
  ahead_.reset();
  co_return result<void>();
}

asio::awaitable<result<void>> chunk_pipeline::run() {
  auto plans = plans_of(steps_, write_);
  if (!plans) co_return plans.error();
  builder_.emplace(answer_, std::move(*plans));
  bool last = false;
  while (!last) {
    auto building = build_next();
    auto chunk = co_await std::move(building);
    last = builder_->done();
    auto next = effects_of(chunk);
    auto landed = co_await land();
    if (!landed) co_return landed;
    enter_into_ledgers(*next, chunk);
    auto handing = hand_over(std::move(next), std::move(chunk));
    auto handed = co_await std::move(handing);
    if (!handed) co_return handed;
    // Let the committer hand this chunk to Kafka's thread before the next one is built beside it.
    for (int turn = 0; turn < 4 && !last; ++turn) co_await asio::post(write_.loop, asio::use_awaitable);
  }
  auto landed = co_await land();
  co_return landed;
}

}  // namespace

asio::awaitable<result<void>> commit_in_chunks(const request_group& group, group_state& state, writer& write,
                                               const time_series_answer& answer, work_in_hand hand,
                                               std::vector<member_step> steps) {
  chunk_pipeline chunks(group, state, write, answer, steps, hand);
  result<void> fate;
  std::exception_ptr thrown;
  try {
    auto delivering = chunks.run();
    fate = co_await std::move(delivering);
  } catch (...) {
    thrown = std::current_exception();
  }
  // Whatever came, also where this one is cancelled: they work with this frame.
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  co_await chunks.join();
  co_await asio::this_coro::throw_if_cancelled(throws);
  if (thrown) std::rethrow_exception(thrown);
  co_return fate;
}

}  // namespace oes
