#include "pipeline/facility_keeper.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "groups/cycle_outcome.hpp"
#include "records/avro_unit.hpp"
#include "records/facility_records.hpp"
#include "schedule/backoff.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

// How long until it is to be read; nothing or less: now.
std::chrono::microseconds until_reading(const facility_keeper& keeper, run_time now) {
  // What is published by an older list would undo what another instance has published by a newer one.
  const bool outdated = keeper.settings.enabled && !keeper.directory.is_of_this_term();
  if (keeper.directory.list() == nullptr || outdated) return {};
  return keeper.directory.learnt_at() + keeper.settings.every - now;
}

// Half of the facilities would be asked for, and the other half's points pass out of what is read again. After a start
// what was published of the list is all that is known of it.
result<void> believe(const facility_keeper& keeper, const facility_list& list) {
  if (const auto* const before = keeper.directory.as_told()) return check_losses(list, *before);
  return keeper.settings.enabled ? check_losses(list, keeper.published) : result<void>();
}

// A unit that is not listed may be one of the entries that cannot be used.
std::string units_not_forgotten(const facility_list& list) {
  if (list.left_out_of.contains("")) return "any facility: of an entry it is not known";
  constexpr std::size_t most_named = 10;
  std::string out;
  std::size_t named = 0;
  for (const auto& code : list.left_out_of) {
    if (named++ == most_named) return out + " and " + std::to_string(list.left_out_of.size() - most_named) + " more";
    out += (out.empty() ? "" : ", ") + code;
  }
  return out;
}

asio::awaitable<result<void>> read_list(facility_keeper& keeper, const poll_context& by, reader& read) {
  auto list = co_await read.read_facilities();
  if (!list) co_return list.error();
  const auto believed = believe(keeper, *list);
  if (!believed) co_return believed;
  auto& log = by.report.log();
  log.info("the list of facilities was read", {{"units", list->units.size()}});
  if (list->left_out > 0) {
    log.warn("the list of facilities has entries that cannot be used: they are left out",
             {{"units", list->left_out}, {"reason", list->left_out_because}});
    if (keeper.settings.enabled && keeper.settings.tombstones) {
      log.warn("units are not taken for gone as long as such an entry may be one of them",
               {{"of", units_not_forgotten(*list)}});
    }
  }
  for (const auto& line : unknown_facilities(keeper.wanted, *list)) log.warn(line);
  keeper.directory.learn(std::move(*list), by.clock.run());
  co_return result<void>();
}

asio::awaitable<result<void>> publish_changes(facility_keeper& keeper, writer& write) {
  const auto& settings = keeper.settings;
  if (write.schemas.admit) {
    auto asking = write.schemas.admit(settings.topic);
    auto admitted = co_await std::move(asking);
    if (!admitted) co_return admitted;
  }
  const bool avro = settings.format == record_format::avro;
  const facility_list list = avro ? with_doubles(*keeper.directory.as_told()) : *keeper.directory.as_told();
  const auto policy = keeper.settings.tombstones ? gone_units::forgotten : gone_units::left_as_they_are;
  auto changes = changes_of_units(list, keeper.published, policy);
  if (!changes) co_return changes.error();
  if (changes->empty()) {
    write.report.list_kept(keeper.settings.topic, 0, 0);
    co_return result<void>();
  }
  write.committer.versions().see_clock(write.clock.now());
  submission work;
  std::optional<std::int32_t> schema;
  if (avro) schema = write.schemas.id_of ? write.schemas.id_of(settings.topic) : 0;
  work.batch = build_unit_records(list, *changes, settings.topic, write.committer.versions(), schema);
  changes->update.member = facility_list_key(keeper.settings.topic);
  work.ledger.push_back(std::move(changes->update));
  work.work = work_of_facilities();
  auto fate = co_await write.committer.commit(std::move(work));
  if (!fate) co_return fate;
  keeper.published = std::move(changes->after);
  write.report.list_kept(keeper.settings.topic, changes->published.size(), changes->gone.size());
  co_return fate;
}

std::chrono::milliseconds pause_after(const error& why, backoff& retry, const poll_context& by) {
  if (why.code == errc::bad_key || why.code == errc::rejected) return by.schedule.probe_rejected;
  const auto pause =
      std::max<std::chrono::milliseconds>(retry.next(by.uniform()), why.retry_after.value_or(std::chrono::seconds(0)));
  // Trouble that lasts must not cost the credits of the data.
  return costs_a_credit(why.code) && retry.is_at_cap()
             ? std::max<std::chrono::milliseconds>(pause, by.schedule.probe_rejected)
             : pause;
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

namespace {

asio::awaitable<result<void>> keep_once(facility_keeper& keeper, const poll_context& by, reader& read, writer& write) {
  by.work.begins(list_coroutine, {work_of_facilities()});
  if (until_reading(keeper, by.clock.run()).count() <= 0) {
    const auto known = co_await read_list(keeper, by, read);
    if (!known) {
      keeper.directory.note_failure(known.error());
      co_return known;
    }
  }
  if (!keeper.settings.enabled) {
    by.work.succeeded(work_of_facilities());
    co_return result<void>();
  }
  auto published = co_await publish_changes(keeper, write);
  if (published) by.work.succeeded(work_of_facilities());
  co_return published;
}

}  // namespace

void tell_list_failed(const facility_keeper& keeper, reporter& report, const error& why) {
  if (why.code == errc::stopped || why.code == errc::fenced) return;
  if (keeper.settings.enabled) {
    report.list_failed(keeper.settings.topic, why);
  } else {
    report.list_read(&why);
  }
}

asio::awaitable<result<void>> keep_facilities_once(facility_keeper& keeper, const poll_context& by, reader& read,
                                                   writer& write) {
  auto kept = co_await keep_once(keeper, by, read, write);
  if (kept) {
    by.report.list_read(nullptr);
  } else {
    tell_list_failed(keeper, by.report, kept.error());
  }
  co_return kept;
}

asio::awaitable<void> keep_facilities(facility_keeper keeper, const poll_context& by, reader& read, writer& write) {
  backoff retry(by.schedule.retry);
  while (!by.tap.is_set()) {
    auto kept = co_await keep_facilities_once(keeper, by, read, write);
    auto pause = until_reading(keeper, by.clock.run());
    if (kept) retry.reset();
    if (!kept && kept.error().code == errc::stopped) break;
    if (!kept && kept.error().code == errc::fenced) {
      by.tap.set();
      break;
    }
    if (!kept) pause = pause_after(kept.error(), retry, by);
    co_await read.wait(by.clock.real(pause));
  }
}

}  // namespace oes
