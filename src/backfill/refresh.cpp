#include "backfill/refresh.hpp"

#include <algorithm>
#include <utility>

namespace oes {
namespace {

namespace asio = boost::asio;

error cannot_compare(const std::string& gone) {
  return {errc::refused,
          "the topics do not hold any more what was published of " + gone +
              " (retention?), so what changed there cannot be told; nothing of it was changed. --republish publishes a "
              "range "
              "again, whole: readers see it twice"};
}

error cannot_tell(const std::string& twice) {
  return {errc::refused,
          "the topics hold " + twice +
              " twice, so what was published last cannot be told; nothing was changed. `progress verify` tells more; "
              "--republish publishes a range again, whole: readers see it twice"};
}

// The first group comes last: what was read for it is used next.
asio::awaitable<result<void>> look_before(backfill_run& run, const backfill_plan& plan) {
  for (auto i = plan.groups.size(); i > 0; --i) {
    const auto& work = plan.groups[i - 1];
    const backfill_chunk chunk{run.context.groups[work.group], work, work.windows.front()};
    auto recalled = co_await recall_whole(run, chunk);
    if (!recalled) co_return recalled;
  }
  co_return result<void>();
}

asio::awaitable<result<void>> mark(backfill_run& run, std::vector<member_key> members, const member_patch& patch) {
  submission work;
  for (auto& key : members) work.changes.emplace_back(std::move(key), patch);
  if (patch.refresh && patch.refresh->republish) work.reason = run.why;
  auto committed = co_await run.context.write.to.commit(std::move(work));
  co_return committed;
}

}  // namespace

asio::awaitable<result<void>> recall(backfill_run& run, const backfill_chunk& chunk) {
  if (run.past.holds(chunk)) co_return result<void>();
  run.news.waits_for = "reading the data topics, to compare with";
  tell(run);
  auto reading = run.past.read(chunk, run.context.recall);
  auto found = co_await std::move(reading);
  run.news.waits_for.clear();
  co_return found;
}

asio::awaitable<result<void>> recall_whole(backfill_run& run, const backfill_chunk& chunk) {
  auto recalled = co_await recall(run, chunk);
  if (!recalled) co_return recalled;
  const auto& before = run.past.before();
  if (!before.gone.empty()) co_return cannot_compare(before.gone);
  if (!before.twice.empty()) co_return cannot_tell(before.twice);
  co_return recalled;
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
