#include "backfill/refresh.hpp"

#include <algorithm>
#include <utility>

namespace oes {
namespace {

namespace asio = boost::asio;

// This many labels at a time are compared: about 50 MB for 300 series.
constexpr int labels_in_memory = 25'000;

error cannot_compare(const std::string& gone) {
  return {errc::refused,
          "the topics do not hold any more what was published of " + gone +
              " (retention?), so what changed there cannot be told; nothing of it was changed. --republish publishes a "
              "range "
              "again, whole: readers see it twice",
          {},
          0};
}

error cannot_tell(const std::string& twice) {
  return {errc::refused,
          "the topics hold " + twice +
              " twice, so what was published last cannot be told; nothing was changed. `progress verify` tells more; "
              "--republish publishes a range again, whole: readers see it twice",
          {},
          0};
}

// The first group comes last: what was read for it is used next.
asio::awaitable<result<void>> look_before(backfill_run& run, const backfill_plan& plan) {
  for (auto i = plan.groups.size(); i > 0; --i) {
    const auto& work = plan.groups[i - 1];
    const backfill_chunk chunk{run.bench.groups[work.group], work, work.windows.front()};
    auto recalled = co_await recall(run, chunk);
    if (!recalled) co_return recalled;
  }
  co_return result<void>();
}

asio::awaitable<result<void>> mark(backfill_run& run, std::vector<member_key> members, const member_patch& patch) {
  submission work;
  for (auto& key : members) work.changes.emplace_back(std::move(key), patch);
  if (patch.refresh && patch.refresh->republish) work.reason = run.why;
  auto committed = co_await run.bench.c.to.commit(std::move(work));
  co_return committed;
}

}  // namespace

asio::awaitable<result<void>> recall(backfill_run& run, const backfill_chunk& chunk) {
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
  if (!found->twice.empty()) co_return cannot_tell(found->twice);
  run.before = std::move(*found);
  run.before_of = chunk.work.group;
  co_return result<void>();
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

}  // namespace oes
