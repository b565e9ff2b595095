#include "backfill/refresh.hpp"

#include <algorithm>
#include <utility>

#include "backfill/backfill_steps.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

constexpr int most_answers_without = 3;

bool has_points(const time_series_answer& answer, const std::string& metric, time_range window) {
  return std::any_of(answer.blocks.begin(), answer.blocks.end(), [&](const metric_block& block) {
    return block.metric == metric && std::any_of(block.all.begin(), block.all.end(), [&](const series& one) {
             return !one.points.empty() && one.points.front().label < window.end;
           });
  });
}

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
  auto committed = co_await run.context.write.committer.commit(std::move(work));
  co_return committed;
}

}  // namespace

asio::awaitable<result<void>> recall(backfill_run& run, const backfill_chunk& chunk) {
  if (run.past.serves(chunk)) co_return result<void>();
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

std::vector<std::size_t> left_out_of(const backfill_run& run, const backfill_chunk& chunk,
                                     const time_series_answer* answer) {
  std::vector<std::size_t> out;
  if (run.order.mode == backfill_mode::fill) return out;
  const auto& members = run.context.write.committer.state().members;
  for (std::size_t i = 0; i < chunk.work.members.size(); ++i) {
    const auto wanted = wanted_in(chunk.work.wanted[i], chunk.window);
    const auto& who = chunk.group.members[chunk.work.members[i]];
    if (answer != nullptr && has_points(*answer, who.metric(), chunk.window)) continue;
    const auto& labels = members.at(who.key).labels;
    const auto& ranges = wanted.ranges();
    const bool published =
        std::any_of(ranges.begin(), ranges.end(), [&](time_range range) { return !labels.covered(range).empty(); });
    if (published) out.push_back(i);
  }
  return out;
}

bool asks_again(backfill_run& run, const backfill_chunk& chunk, const std::vector<std::size_t>& left_out) {
  if (left_out.empty()) return false;
  auto& known = run.left_out;
  if (known.window != chunk.window) known = {chunk.window, 0};
  if (++known.times < most_answers_without) return true;
  known = {};
  return false;
}

error left_out_error(const backfill_chunk& chunk, const std::vector<std::size_t>& left_out) {
  std::string names;
  for (const auto i : left_out) {
    const auto& key = chunk.group.members[chunk.work.members[i]].key;
    names += (names.empty() ? "" : ", ") + key.first + "/" + key.second;
  }
  return {errc::server_error, "the answer has nothing of " + names + ", of which records were published there", {}, 0};
}

}  // namespace oes
