// E1: each call of each fake throws once, anywhere in a term's work: the live cycles, a look-back, a backfill, a
// pass over the gaps, the list of facilities. It is told as it comes, nothing goes on from there, no frame is left
// (asan looks), and the next start brings everything, once.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>

#include "async/race.hpp"
#include "backfill/backfill.hpp"
#include "backfill/gap_retry.hpp"
#include "unit/backfill/published_records.hpp"
#include "unit/pipeline/facility_samples.hpp"
#include "unit/pipeline/poll_fixture.hpp"

using namespace oes;
using namespace oes::test;

namespace {

namespace asio = boost::asio;

/// What the API has, by label; a test changes it.
struct served_values {
  std::map<network_time, std::string> values;

  [[nodiscard]] result<raw_answer> answer(const fetch_request& request) const {
    std::string data;
    for (const auto& [label, value] : values) {
      if (label < request.window.start || (request.window.end && label >= *request.window.end)) continue;
      if (!data.empty()) data += ',';
      data.append("[\"").append(format(label)).append("+10:00\",").append(value).append("]");
    }
    if (data.empty()) return error{errc::not_yet, "no rows", {}, 404};
    auto body = answer_body("power", {});
    const std::string none = R"("data":[]}]}]})";
    return raw_answer{body.replace(body.find(none), none.size(), R"("data":[)" + data + "]}]}]}"), {}};
  }
};

struct poisoned : poll_fixture {
  poisoned() : poll_fixture("2026-11-23T12:01:00") {
    for (auto label = at("2026-11-23T10:00:00"); label < at("2026-11-23T12:00:00"); label += std::chrono::minutes(5)) {
      api.values[label] = "1.5";
    }
    from.bad = &kafka.bad;
    from.serve = [this](const fetch_request& request) { return api.answer(request); };
    from.list = many_facilities(3);
    list_settings.enabled = true;
    chunk = {4, 1UL << 20U};  // several chunks an answer
    // It began at 11:00; an older hole is not given up yet.
    auto& live = kafka.state.members[power];
    live.identity = canonical(group.identity);
    live.start = live.ledger_from = live.position = at("2026-11-23T11:00:00");
    live.labels.cover({at("2026-11-23T09:00:00"), at("2026-11-23T10:00:00")});
    live.start = at("2026-11-23T09:00:00");
    live.labels.add_gap({{at("2026-11-23T10:30:00"), at("2026-11-23T11:00:00")}, "no_data", clock.now()});
  }

  /// A process: everything there is to do, until it is through or something throws.
  void run() {
    told.clear();
    running_at_end = 99;
    in_term<bool>([&](walk_parts& w) { return drive(w); });
  }

  asio::awaitable<bool> drive(walk_parts& w) {
    event over(loop.get_executor());
    w.write.on_failure = [&](std::string_view who, const std::exception_ptr& thrown) {
      told.push_back(std::string(who) + ": " + text_of(thrown));
      over.set();
      w.by.tap.set();
    };
    task_group claiming(loop.get_executor(), w.write.on_failure);
    claiming.start("claim", claim(w));
    co_await claiming.join();
    task_group committing(loop.get_executor(), w.write.on_failure);
    if (told.empty()) committing.start("committer", w.write.committer.run());
    task_group working(loop.get_executor(), w.write.on_failure);
    const auto stage = [&](const char* name, asio::awaitable<void> work) {
      if (told.empty()) working.start(name, until(over, std::move(work)));
    };
    stage("nem", cycles(w));
    co_await working.join();
    stage("nem", revised_cycles(w));
    co_await working.join();
    stage("list of facilities", keep(w));
    co_await working.join();
    stage("backfill", backfill(w));
    co_await working.join();
    stage("gaps", gaps(w));
    co_await working.join();
    running_at_end = working.running();
    w.write.committer.close();
    co_await committing.join();
    running_at_end += committing.running();
    co_return true;
  }

  static asio::awaitable<void> until(event& over, asio::awaitable<void> work) {
    auto ending = over.wait();
    auto racing = race(std::move(work), std::move(ending));
    auto first = co_await std::move(racing);
    static_cast<void>(first);
  }

  asio::awaitable<void> claim(walk_parts& w) {
    const auto leads = co_await publisher.lead();
    REQUIRE(leads.has_value());
    auto found = co_await store.load();
    REQUIRE(found.has_value());
    std::vector<std::pair<member_key, member_progress>> nobody;
    const auto claimed = co_await w.write.committer.claim(std::move(nobody));
    REQUIRE(claimed.has_value());
  }

  asio::awaitable<void> cycles(walk_parts& w) {
    auto opened = open_group(group, {kafka.state.members, kafka.ledger, clock.now(),
                                     w.by.budget.credits.certain_history(w.by.limits), std::nullopt});
    poll_loop polling(group, std::move(opened.value()), w.by, w.read, w.write);
    for (int i = 0; i < 3; ++i) {
      auto outcome = co_await polling.cycle(i == 0 ? turn::live : turn::behind);
      if (outcome.end == cycle_end::failed) FAIL_CHECK(outcome.why.context);
    }
  }
  // The API says some of it differently.
  asio::awaitable<void> revised_cycles(walk_parts& w) {
    for (const auto* label : {"2026-11-23T11:30:00", "2026-11-23T11:45:00"}) api.values[at(label)] = "2.5";
    co_await cycles(w);
  }
  asio::awaitable<void> keep(walk_parts& w) {
    facility_keeper keeper{facilities, list_settings, {}};
    const auto known = kafka.ledger.find(facility_list_key(list_settings.topic));
    if (known != kafka.ledger.end()) keeper.published = known->second;
    const auto kept = co_await keep_facilities_once(keeper, w.by, w.read, w.write);
    if (!kept && kept.error().code != errc::stopped) FAIL_CHECK(kept.error().context);
  }
  asio::awaitable<void> backfill(walk_parts& w) {
    backfill_context bench{groups, w.by, &facilities, w.read, w.write, [](const backfill_news&) {}, [] { return true; },
                           {}};
    backfill_order order{"nem", "", "2026-11-23T10:00:00", "2026-11-23T10:30:00", backfill_mode::fill};
    operator_reason why{"a test", "", "", "", {}};
    const auto ended = co_await run_backfill(std::move(order), std::move(why), bench);
    if (!ended && ended.error().code != errc::stopped) FAIL_CHECK(ended.error().context);
  }
  asio::awaitable<void> gaps(walk_parts& w) {
    const recall_published nothing = [](const request_group& of,
                                        std::vector<member_labels> asked) -> asio::awaitable<result<published_before>> {
      published_before out{{}, {}};
      for (std::size_t i = 0; i < asked.size(); ++i) out.known.emplace_back(of.identity.interval);
      co_return out;
    };
    gap_context bench{groups, w.by, w.read, w.write, [] { return true; }, nothing};
    co_await retry_gaps(bench);
  }

  /// Every label from 10:00 on is there, each (key, revision) once, the newest as the API has it.
  void check_everything_is_there_once() const {
    std::set<std::pair<std::string, std::string>> seen;
    std::map<std::string, std::string> newest;
    std::size_t units = 0;
    for (const auto& [key, value] : kafka.records) {
      if (key.find("facility") != std::string::npos) {
        ++units;
        continue;
      }
      const bool is_new = seen.emplace(key, field_in(value, "revision")).second;
      const auto record = std::string(key).append(" ").append(value);
      INFO(record);
      CHECK(is_new);
      newest[key] = field_in(value, "power");
    }
    CHECK(units == 3);
    CHECK(newest.size() == api.values.size());
    for (const auto& [label, value] : api.values) {
      CHECK(newest["v1|NEM|5m|power||" + format(label) + "+10:00"] == value);
    }
    CHECK(kafka.state.members.at(power).position == at("2026-11-23T12:00:00"));
    CHECK(kafka.state.members.at(power).labels.open_gaps().empty());
  }

  stream_spec stream = [] {
    auto out = nem_stream();
    out.start = at("2026-11-23T09:00:00");
    return out;
  }();
  std::vector<request_group> groups = make_groups({stream});
  request_group group = groups.front();
  served_values api;
  fake_publisher publisher{kafka};
  fake_progress_store store{kafka};
  std::vector<std::string> told;
  std::size_t running_at_end = 0;
};

std::vector<std::string> calls_of_a_whole_run() {
  poisoned f;
  f.run();
  CHECK(f.told.empty());
  f.check_everything_is_there_once();
  return f.kafka.bad.calls();
}

void throw_in(std::size_t nth, poison::when moment, const std::string& call) {
  CAPTURE(nth);
  CAPTURE(call);
  CAPTURE(static_cast<int>(moment));
  poisoned f;
  progress_state then;
  std::size_t records_then = 0;
  bool thrown = false;
  f.kafka.bad.put_into(nth, moment, [&] {
    then = f.kafka.state;
    records_then = f.kafka.records.size();
    thrown = true;
  });
  f.run();
  if (!thrown) {  // a call without effects has nothing behind them
    CHECK(moment == poison::when::has_done_its_work);
    return;
  }
  REQUIRE(f.told.size() == 1);
  CHECK(f.told[0].find(": poison in " + call) != std::string::npos);
  CHECK(f.running_at_end == 0);
  CHECK(f.kafka.state == then);
  CHECK(f.kafka.records.size() == records_then);
  f.run();  // the next start
  CHECK(f.told.empty());
  f.check_everything_is_there_once();
}

}  // namespace

TEST_CASE(
    "E1: whichever call of a fake throws, it is told, nothing is published twice, progress stays, no frame is left") {
  const auto calls = calls_of_a_whole_run();
  for (const auto* call : {"lead", "load", "fetch", "fetch_facilities", "publish", "mirror"}) {
    CHECK_MESSAGE(std::count(calls.begin(), calls.end(), call) > 0, call);
  }
  CHECK(std::count(calls.begin(), calls.end(), "publish") >= 6);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    throw_in(i + 1, poison::when::begins, calls[i]);
    throw_in(i + 1, poison::when::has_done_its_work, calls[i]);
  }
}
