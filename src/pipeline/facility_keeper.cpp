#include "pipeline/facility_keeper.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "async/race.hpp"
#include "pipeline/read_window.hpp"
#include "pipeline/waiting.hpp"
#include "records/facility_records.hpp"
#include "schedule/backoff.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

// How long until it is to be read; nothing or less: now.
std::chrono::microseconds until_reading(const facility_keeper& keeper, run_time now) {
  if (keeper.directory.list() == nullptr) return {};
  return keeper.directory.learnt_at() + keeper.settings.every - now;
}

asio::awaitable<result<void>> read_list(facility_keeper& keeper, corridor& c) {
  auto credit = co_await take_credit(c, spend_on::catch_up);
  if (!credit) co_return credit;
  auto asking = c.from.fetch_facilities();
  auto stop = c.tap.wait();
  auto racing = race(std::move(asking), std::move(stop));
  auto first = co_await std::move(racing);
  if (first.index() == 1) {
    c.budget.api.not_asked();
    co_return error{errc::stopped, "stopped", {}, 0};
  }
  auto& list = std::get<0>(first);
  note_answer(list, c);
  if (!list) co_return list.error();
  c.report.log().info("the list of facilities was read", {{"units", list->units.size()}});
  if (list->left_out > 0) {
    c.report.log().warn("the list of facilities has entries that cannot be used: they are left out",
                        {{"units", list->left_out}, {"reason", list->left_out_because}});
  }
  for (const auto& line : unknown_facilities(keeper.wanted, *list)) c.report.log().warn(line);
  keeper.directory.learn(std::move(*list), c.clock.run());
  co_return result<void>();
}

asio::awaitable<result<void>> publish_changes(facility_keeper& keeper, corridor& c) {
  const facility_list list = *keeper.directory.list();
  // What was left out may be any unit: none is taken for gone then.
  const bool whole = list.left_out == 0;
  const auto policy = keeper.settings.tombstones && whole ? gone_units::forgotten : gone_units::left_as_they_are;
  auto changes = changes_of_units(list, keeper.published, policy);
  if (!changes) co_return changes.error();
  if (changes->empty()) {
    c.report.list_kept(keeper.settings.topic, 0, 0);
    co_return result<void>();
  }
  c.to.versions().see_clock(c.clock.now());
  submission work;
  work.batch = build_unit_records(list, *changes, keeper.settings.topic, c.to.versions());
  changes->update.member = facility_list_key(keeper.settings.topic);
  work.ledger.push_back(std::move(changes->update));
  work.work = work_of_facilities();
  auto fate = co_await c.to.commit(std::move(work));
  if (!fate) co_return fate;
  keeper.published = std::move(changes->after);
  c.report.list_kept(keeper.settings.topic, changes->published.size(), changes->gone.size());
  co_return fate;
}

std::chrono::milliseconds pause_after(const error& why, backoff& retry, const corridor& c) {
  if (why.code == errc::bad_key || why.code == errc::rejected) return c.schedule.probe_rejected;
  return std::max<std::chrono::milliseconds>(retry.next(c.uniform()),
                                             why.retry_after.value_or(std::chrono::seconds(0)));
}

}  // namespace

std::vector<std::string> unknown_facilities(const std::vector<wanted_facilities>& wanted, const facility_list& list) {
  std::set<std::pair<std::string_view, std::string_view>> known;
  for (const auto& unit : list.units) known.emplace(unit.network_code, unit.facility_code);
  std::vector<std::string> lines;
  for (const auto& one : wanted) {
    std::string missing;
    for (const auto& code_wanted : one.codes) {
      if (code_wanted == all_facilities || known.contains({code(one.net), code_wanted})) continue;
      missing += (missing.empty() ? "" : ", ") + code_wanted;
    }
    if (missing.empty()) continue;
    lines.push_back("stream '" + one.stream + "' asks for facilities that the API's list of " +
                    std::string(code(one.net)) + " does not have: " + missing);
  }
  return lines;
}

asio::awaitable<result<void>> keep_facilities_once(facility_keeper& keeper, corridor& c) {
  c.work.begins(list_coroutine, {work_of_facilities()});
  if (until_reading(keeper, c.clock.run()).count() <= 0) {
    auto read = co_await read_list(keeper, c);
    if (!read) {
      keeper.directory.note_failure(read.error());
      co_return read;
    }
  }
  if (!keeper.settings.enabled) {
    c.work.succeeded(work_of_facilities());
    co_return result<void>();
  }
  auto published = co_await publish_changes(keeper, c);
  if (published) c.work.succeeded(work_of_facilities());
  co_return published;
}

asio::awaitable<void> keep_facilities(facility_keeper keeper, corridor& c) {
  backoff retry(c.schedule.retry);
  while (!c.tap.is_set()) {
    auto kept = co_await keep_facilities_once(keeper, c);
    auto pause = until_reading(keeper, c.clock.run());
    if (kept) retry.reset();
    if (!kept && kept.error().code == errc::stopped) break;
    if (!kept && kept.error().code == errc::fenced) {
      c.tap.set();
      break;
    }
    if (!kept) {
      pause = pause_after(kept.error(), retry, c);
      c.report.list_failed(keeper.settings.topic, kept.error());
    }
    co_await wait_in_turn(c, c.clock.real(pause));
  }
}

}  // namespace oes
