#include "pipeline/backfill.hpp"

#include <algorithm>
#include <utility>

#include "model/fault_point.hpp"
#include "pipeline/backfill_steps.hpp"
#include "pipeline/memory.hpp"
#include "pipeline/read_window.hpp"
#include "schedule/window_planner.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

// A refresh compares with what was published of this many labels at a time: about 50 MB for 300 series.
constexpr int labels_in_memory = 25'000;
constexpr auto look_up = std::chrono::seconds(1);
constexpr int http_internal_error = 500;

struct backfill_run {
  backfill_order order;
  operator_reason why;
  backfill_bench& bench;
  wake_memory wake;
  window_trouble trouble;
  std::map<member_key, range_set> given_up;  ///< gaps that another run may ask for again
  backfill_news news;
  std::optional<published_before> before;
  std::size_t before_of = 0;  ///< group
};

// The next chunk of a backfill.
struct chunk_plan {
  const request_group& group;
  group_backfill work;
  time_range window;
};

error stopped() { return {errc::stopped, "stopped", {}, 0}; }

result<backfill_plan> plan_now(const backfill_run& run) {
  auto& c = run.bench.c;
  return plan_backfill(
      {run.order, run.bench.groups, c.to.state().members, c.limits, c.clock.now(), run.trouble.smaller, run.given_up});
}

void tell(backfill_run& run) { run.bench.tell(run.news); }

// Real time: a clock that runs fast must not make whoever listens wait.
asio::awaitable<result<void>> pause(backfill_run& run, utc_time until, std::string why) {
  auto& c = run.bench.c;
  run.news.waits_for = std::move(why);
  run.news.until = until;
  tell(run);
  while (c.clock.now() < until) {
    const auto left = c.clock.real(until - c.clock.now());
    const bool closed = co_await c.tap.wait_for(std::min<std::chrono::steady_clock::duration>(left, look_up));
    if (closed || !run.bench.goes_on()) co_return stopped();
  }
  run.news.waits_for.clear();
  run.news.until.reset();
  co_return result<void>();
}

error cannot_compare(const std::string& gone) {
  return {errc::refused,
          "the topics do not hold any more what was published of " + gone +
              " (retention?), so what changed there cannot be told; nothing of it was changed. --republish publishes a "
              "range "
              "again, whole: readers see it twice",
          {},
          0};
}

// What was published before of the chunk's labels, for a refresh: read once for many chunks.
asio::awaitable<result<void>> recall(backfill_run& run, const chunk_plan& chunk) {
  const auto& have = run.before;
  const bool known = have && run.before_of == chunk.work.group && have->labels.begin <= chunk.window.begin &&
                     chunk.window.end <= have->labels.end && have->known.size() == chunk.work.members.size();
  if (known) co_return result<void>();
  run.before.reset();
  run.news.waits_for = "reading the data topics, to compare with";
  tell(run);
  const auto far = bucket_add(chunk.window.begin, chunk.group.identity.interval, labels_in_memory);
  const time_range labels{chunk.window.begin, std::max(chunk.window.end, std::min(far, chunk.work.windows.back().end))};
  auto members = chunk.work.members;
  auto found = co_await run.bench.recall(chunk.group, std::move(members), labels);
  run.news.waits_for.clear();
  if (!found) co_return found.error();
  if (!found->gone.empty()) co_return cannot_compare(found->gone);
  run.before = std::move(*found);
  run.before_of = chunk.work.group;
  co_return result<void>();
}

std::vector<ledger> nothing_published(const chunk_plan& chunk) {
  std::vector<ledger> out;
  for (std::size_t i = 0; i < chunk.work.members.size(); ++i) out.emplace_back(chunk.group.identity.interval);
  return out;
}

std::vector<std::string> metrics_of(const chunk_plan& chunk) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < chunk.work.members.size(); ++i) {
    if (wanted_in(chunk.work.wanted[i], chunk.window).empty()) continue;
    for (const auto& metric : chunk.group.members[chunk.work.members[i]].metrics) {
      if (std::find(out.begin(), out.end(), metric) == out.end()) out.push_back(metric);
    }
  }
  return out;
}

asio::awaitable<result<void>> pass_over(backfill_run& run, const chunk_plan& chunk, std::string_view reason) {
  auto& c = run.bench.c;
  submission work;
  work.changes =
      nothing_there(chunk.group, chunk.work, chunk.window, run.order.mode, std::string(reason), c.clock.now());
  for (const auto& [key, patch] : work.changes) {
    for (const auto& hole : patch.gaps) run.given_up[key].add(hole.range);
  }
  auto committed = co_await c.to.commit(std::move(work));
  co_return committed;
}

asio::awaitable<result<void>> deliver_chunk(backfill_run& run, const chunk_plan& chunk,
                                            const time_series_answer& answer) {
  auto& c = run.bench.c;
  if (answer.blocks.empty()) {
    auto passed = co_await pass_over(run, chunk, "no_data");
    co_return passed;
  }
  const auto known = run.order.mode == backfill_mode::refresh ? std::move(run.before->known) : nothing_published(chunk);
  auto steps = backfill_steps(chunk.group, chunk.work, chunk.window, run.order.mode, answer, known);
  if (run.before) run.before->known = known;
  std::vector<member_published> published;
  for (const auto& step : steps)
    published.push_back({step.member, step.records.chosen.chosen, step.records.chosen.nulls});
  group_state stands;
  for (const auto& member : chunk.group.members) stands.members.push_back(c.to.state().members.at(member.key));
  fault_point("backfill.planned");
  auto delivered = co_await deliver(chunk.group, stands, c, answer, std::move(steps));
  if (!delivered) co_return delivered;
  for (const auto& one : published) run.news.records += one.records;
  c.report.backfilled(chunk.group, published, chunk.window);
  co_return delivered;
}

// One chunk, read and committed. Live polls come first: where the day leaves no credit for a backfill the error says
// when to ask again.
asio::awaitable<result<void>> run_chunk(backfill_run& run, const chunk_plan& chunk) {
  auto& c = run.bench.c;
  if (run.order.mode == backfill_mode::refresh) {
    auto recalled = co_await recall(run, chunk);
    if (!recalled) co_return recalled;
  }
  run.news.chunk = chunk.window;
  tell(run);
  wanted_window wanted{metrics_of(chunk), {chunk.window.begin, chunk.window.end}, spend_on::backfill};
  if (run.trouble.times > 0) wanted.unusable = unusable_answer::kept_as_sample;
  auto read = co_await read_window(chunk.group, std::move(wanted), c);
  const bool sent = read || read.error().code != errc::rate_limited || read.error().http_status != 0;
  if (sent) run.news.requests += read ? read->requests : 1;
  if (!read) co_return read.error();
  auto delivered = co_await deliver_chunk(run, chunk, read->answer);
  give_back_memory(read->bytes);
  co_return delivered;
}

// No error: the failure is dealt with, go on planning.
asio::awaitable<result<void>> after_failure(backfill_run& run, const chunk_plan& chunk, error why) {
  auto& c = run.bench.c;
  switch (why.code) {
    case errc::stopped:
    case errc::fenced:
    case errc::refused:
    case errc::rejected:
    case errc::bad_key:
      co_return why;
    case errc::not_yet: {
      auto passed = co_await pass_over(run, chunk, "no_data");
      co_return passed;
    }
    default:
      break;
  }
  if (shrinks_window(why.code)) {
    const bool at_once = why.code == errc::timed_out || why.http_status == http_internal_error;
    const time_window window{chunk.window.begin, chunk.window.end};
    const bool hopeless = note_trouble(run.trouble, window, chunk.group.identity.interval,
                                       network_now(chunk.group, c.clock.now()), at_once ? 1 : patience_with_a_window);
    if (hopeless && (why.code == errc::malformed || why.code == errc::too_large)) {
      auto passed = co_await pass_over(run, chunk, name(why.code));
      co_return passed;
    }
  }
  c.report.log().warn("a backfill waits",
                      {{"stream", run.order.stream}, {"outcome", name(why.code)}, {"reason", why.context}});
  const auto now = c.clock.now();
  std::string context = why.context;
  const auto wake = next_wake({cycle_end::failed, std::move(why), {}}, run.wake, now, {}, c.schedule, c.uniform());
  auto waited = co_await pause(run, wake, std::move(context));
  co_return waited;
}

// A refresh that cannot know what it compares with is refused before anything is changed. The first group comes last:
// what was read for it is used next.
asio::awaitable<result<void>> look_before(backfill_run& run, const backfill_plan& plan) {
  for (auto i = plan.groups.size(); i > 0; --i) {
    const auto& work = plan.groups[i - 1];
    const chunk_plan chunk{run.bench.groups[work.group], work, work.windows.front()};
    auto recalled = co_await recall(run, chunk);
    if (!recalled) co_return recalled;
  }
  co_return result<void>();
}

// A refresh is entered into progress before its first chunk, and taken out behind its last one.
asio::awaitable<result<void>> mark(backfill_run& run, std::vector<member_key> members, const member_patch& patch) {
  submission work;
  for (auto& key : members) work.changes.emplace_back(std::move(key), patch);
  if (patch.refresh && patch.refresh->republish) work.reason = run.why;
  auto committed = co_await run.bench.c.to.commit(std::move(work));
  co_return committed;
}

asio::awaitable<result<void>> begin_refresh(backfill_run& run, const backfill_plan& plan) {
  if (run.order.mode == backfill_mode::refresh) {
    auto looked = co_await look_before(run, plan);
    if (!looked) co_return looked;
  }
  member_patch patch;
  patch.refresh = refresh_mark{plan.asked, run.order.mode == backfill_mode::republish, {}};
  auto members = plan.unmarked;
  auto marked = co_await mark(run, std::move(members), patch);
  co_return marked;
}

asio::awaitable<result<void>> end_refresh(backfill_run& run, const backfill_plan& plan) {
  member_patch patch;
  patch.refresh_is_over = true;
  auto members = plan.chosen;
  auto marked = co_await mark(run, std::move(members), patch);
  co_return marked;
}

// The order's next chunk, to its end.
asio::awaitable<result<void>> do_chunk(backfill_run& run, const backfill_plan& plan) {
  const auto& work = plan.groups.front();
  chunk_plan chunk{run.bench.groups[work.group], work, work.windows.front()};
  // Facility series: what suits the list of facilities, which is waited for.
  const auto longest = co_await longest_window(chunk.group, chunk.window.begin, run.bench.c);
  if (longest && *longest) {
    const auto end = longest_end(chunk.window.begin, chunk.group.identity.interval, **longest);
    chunk.window.end = std::min(chunk.window.end, end);
  }
  result<void> done = result<void>();
  if (longest) {
    auto ran = co_await run_chunk(run, chunk);
    done = ran;
  } else {
    done = longest.error();
  }
  if (!done) {
    error why = done.error();
    const bool empty = why.code == errc::not_yet;
    auto settled = co_await after_failure(run, chunk, std::move(why));
    if (empty && settled) ++run.news.done;
    co_return settled;
  }
  ++run.news.done;
  run.wake.retry.reset();
  run.wake.limit.reset();
  std::chrono::seconds largest = run.bench.c.limits.max_window(chunk.group.identity.interval);
  grow_again(run.trouble, largest);
  co_return done;
}

}  // namespace

asio::awaitable<result<backfill_news>> run_backfill(backfill_order order, operator_reason why, backfill_bench& bench) {
  backfill_run run{std::move(order), std::move(why), bench, wake_memory(bench.c.schedule, 0), {}, {}, {}, {}, 0};
  while (true) {
    if (bench.c.tap.is_set() || !bench.goes_on()) co_return stopped();
    auto plan = plan_now(run);
    if (!plan) co_return plan.error();
    run.news.left = plan->requests();
    if (!plan->unmarked.empty()) {
      auto begun = co_await begin_refresh(run, *plan);
      if (!begun) co_return begun.error();
      continue;
    }
    if (plan->groups.empty()) {
      if (run.order.mode == backfill_mode::fill) co_return run.news;
      auto ended = co_await end_refresh(run, *plan);
      if (!ended) co_return ended.error();
      co_return run.news;
    }
    auto done = co_await do_chunk(run, *plan);
    if (!done) co_return done.error();
  }
}

}  // namespace oes
