// What a stream asks for while its feed is late or its answers cannot be used: polls at the times of the schedule, on a
// clock that is moved to them.
#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "pipeline/poll_schedule.hpp"
#include "unit/pipeline/poll_fixture.hpp"

using namespace oes;
using namespace oes::test;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const std::string unusable = R"({"success":true,"data":[{"metric":)";

// How things stood after a cycle.
struct seen_then {
  utc_time at;
  std::size_t asked = 0;
  std::size_t records = 0;
};

struct days_of_polls : poll_fixture {
  using poll_fixture::poll_fixture;

  /// One term of the first group of `stream`.
  void live_for(const stream_spec& stream, seconds how_long) {
    in_term<bool>([&](walk_parts& w) { return drive(make_groups({stream}).front(), w, how_long); });
  }
  [[nodiscard]] std::size_t asked_within(utc_time begin, utc_time end) const {
    const auto asked_by = [this](utc_time t) {
      std::size_t count = 0;
      for (const auto& one : seen) count = one.at < t ? one.asked : count;
      return count;
    };
    return asked_by(end) - asked_by(begin);
  }
  /// The first cycle after which there were so many records.
  [[nodiscard]] utc_time published_at(std::size_t records) const {
    const auto found = std::find_if(seen.begin(), seen.end(), [&](const auto& one) { return one.records >= records; });
    return found == seen.end() ? utc_time::max() : found->at;
  }

  std::vector<seen_then> seen;

 private:
  void move_to(run_time when) {
    clock = time_source(clock_settings{wall_now(), utc_time(when.time_since_epoch()), 1e-6});
  }

  boost::asio::awaitable<bool> drive(request_group group, walk_parts& w, seconds how_long) {
    task_group background(loop.get_executor(), no_failure_expected());
    const opening first{kafka.state.members, kafka.ledger, clock.now(), w.by.limits.history, std::nullopt};
    auto members = new_members({group}, first);
    auto claimed = co_await w.write.committer.claim(std::move(members));
    background.start("committer", w.write.committer.run());
    auto opened =
        open_group(group, {kafka.state.members, kafka.ledger, clock.now(), w.by.limits.history, std::nullopt});
    poll_loop polling(group, std::move(opened.value()), w.by, w.read, w.write);
    poll_schedule schedule(group, w.by, w.read);
    const auto end = clock.run() + how_long;
    while (schedule.due() <= end) {
      move_to(std::max(schedule.due(), clock.run()));
      const auto begun = co_await schedule.next_turn(run_time::max());
      auto cycling = polling.cycle(begun->whose, begun->other);
      auto outcome = co_await std::move(cycling);
      w.by.report.cycle_ended(group, polling.state(), outcome);
      schedule.ended(*begun, outcome, polling.state());
      seen.push_back({clock.now(), from.asked().size(), kafka.records.size()});
    }
    last_state = polling.state();
    w.write.committer.close();
    co_await background.join();
    co_return claimed.has_value();
  }
};

// One series with a number at each label of the window, up to `end`.
result<raw_answer> rows(const fetch_request& request, network_time end, seconds step, std::string_view interval,
                        std::string_view offset) {
  std::string data;
  for (auto label = request.window.start; label < std::min(end, request.window.end.value_or(end)); label += step) {
    if (!data.empty()) data += ',';
    data.append("[\"").append(format(label)).append(offset).append("\",1]");
  }
  if (data.empty()) return error{errc::not_yet, "no rows", {}, 404};
  const std::string net = offset == "+08:00" ? "WEM" : "NEM";
  return raw_answer{R"({"version":"4.5.11","success":true,"data":[{"network_code":")" + net +
                        R"(","metric":"power","unit":"MW","interval":")" + std::string(interval) +
                        R"(","groupings":[],"results":[{"name":"x","columns":{},"data":[)" + data + "]}]}]}",
                    {}};
}

// NEM at 5m: a live query gives what is closed.
result<raw_answer> nem_rows(const days_of_polls& f, const fetch_request& request) {
  const auto now = to_network_time(f.clock.now(), network::nem);
  return rows(request, bucket_floor(now, interval_size::m5), minutes(5), "5m", "+10:00");
}

stream_spec wem_hours() {
  auto stream = nem_stream();
  stream.net = network::wem;
  stream.interval = interval_size::h1;
  stream.start = at("2026-11-20T00:00:00");
  return stream;
}

stream_spec nem_hours() {
  auto stream = nem_stream();
  stream.interval = interval_size::h1;
  stream.start = at("2026-11-20T00:00:00");
  return stream;
}

// NEM at 1h, the open hour too; what has the hour `bad` in it cannot be used until `until`.
void serve_nem_hours(days_of_polls& f, network_time bad, network_time until, std::optional<network_time> missing = {}) {
  f.from.serve = [&f, bad, until, missing](const fetch_request& request) -> result<raw_answer> {
    const auto now = to_network_time(f.clock.now(), network::nem);
    const bool has_it = request.window.start <= bad && bad < std::min(now, request.window.end.value_or(now));
    if (has_it && now < until) return raw_answer{unusable, {}};
    const bool nothing = missing && request.window.start == *missing && request.window.end == *missing + hours(1);
    if (nothing) return error{errc::not_yet, "no rows", {}, 404};
    return rows(request, now, hours(1), "1h", "+10:00");
  };
}

// Hours from the start on: the number of records once this one is published.
std::size_t up_to(std::string_view hour) {
  return static_cast<std::size_t>((at(hour) - at("2026-11-20T00:00:00")) / hours(1)) + 1;
}

// WEM at 1h: an hour is there so long after its end.
void serve_hours(days_of_polls& f, seconds late) {
  f.from.serve = [&f, late](const fetch_request& request) {
    const auto there = to_network_time(f.clock.now() - late, network::wem);
    return rows(request, bucket_floor(there, interval_size::h1), hours(1), "1h", "+08:00");
  };
}

}  // namespace

TEST_CASE("a stream that never has a row is asked for less and less often, hourly in the end, and told of") {
  for (const auto interval : {interval_size::m5, interval_size::h1}) {
    days_of_polls f("2026-11-23T12:01:00");
    auto stream = nem_stream();
    stream.interval = interval;
    const auto began = f.clock.now();
    f.live_for(stream, hours(24));
    CHECK(f.asked_within(began, began + hours(24)) <= 40);
    CHECK(f.asked_within(began, began + hours(24)) >= 24);
    CHECK(f.asked_within(began + hours(12), began + hours(24)) >= 11);
    const auto& told = f.board.members.at(power);
    CHECK(told.state == stream_state::waiting);
    REQUIRE(told.rowless_since);
    CHECK(*told.rowless_since - began < minutes(1));
  }
}

TEST_CASE("once a stream that had no rows for long has its first one, it is polled as any other") {
  days_of_polls f("2026-11-23T12:01:00");
  const auto first = f.clock.now() + hours(12);
  f.from.serve = [&f, first](const fetch_request& request) -> result<raw_answer> {
    if (f.clock.now() < first) return error{errc::not_yet, "no rows", {}, 404};
    return nem_rows(f, request);
  };
  f.live_for(nem_stream(), hours(16));
  CHECK(f.published_at(1) - first <= hours(1));
  CHECK(f.asked_within(first + hours(1), first + hours(3)) >= 22);
  CHECK(f.kafka.state.members.at(power).position >= at("2026-11-24T03:50:00"));
  CHECK_FALSE(f.board.members.at(power).rowless_since);
}

TEST_CASE("rows without a number are rows: their stream is polled as any other") {
  days_of_polls f("2026-11-23T12:01:00");
  f.from.serve = [&f](const fetch_request& request) -> result<raw_answer> {
    auto answer = nem_rows(f, request);
    if (!answer) return answer;
    for (auto at = answer->body.find(",1]"); at != std::string::npos; at = answer->body.find(",1]", at))
      answer->body.replace(at, 3, ",null]");
    return answer;
  };
  const auto began = f.clock.now();
  f.live_for(nem_stream(), hours(6));
  CHECK(f.kafka.records.empty());
  CHECK(f.asked_within(began + hours(4), began + hours(6)) >= 20);
  CHECK_FALSE(f.board.members.at(power).rowless_since);
}

TEST_CASE("what a stream without rows does not ask for is the others'") {
  budget_settings day;
  day.credits_per_day = 330;
  day.share = 1;
  rationing budget(day, limits_of("COMMUNITY"), {});
  budget.join({});  // every five minutes
  const auto group = make_groups({nem_stream()}).front();
  pacing pace(group, {}, 0.0, budget);
  group_state state;
  state.members.resize(1);
  const auto now = utc("2026-11-23T00:01:10Z");
  CHECK(budget.stretch(now) > 1.5);
  for (const auto later : {hours(0), hours(2)}) {
    const moment then{now + later, run_time(now.time_since_epoch()) + later};
    pace.after({cycle_end::nothing_yet}, then.run, state, then);
  }
  CHECK(budget.stretch(now) < 1.1);
}

TEST_CASE("E5: answers that stay unusable cost no more credits than good polls do, whatever waits behind them") {
  days_of_polls f("2026-11-23T23:01:00");
  f.from.serve = [](const fetch_request&) { return result<raw_answer>(raw_answer{unusable, {}}); };
  const auto began = f.clock.now();
  f.live_for(nem_stream(), hours(12));
  // A poll every five minutes are twelve an hour; the first tries are quicker.
  CHECK(f.asked_within(began, began + hours(1)) <= 12 + 30);
  for (int i = 1; i < 12; ++i) CHECK(f.asked_within(began + hours(i), began + hours(i + 1)) <= 14);
  CHECK(f.asked_within(began, began + hours(12)) > 12 * 6);
  // Each interval was asked for three times before it was given up, and nothing was skipped.
  const auto& stands = f.kafka.state.members.at(power);
  CHECK(stands.position < at("2026-11-24T11:00:00"));
  // That an interval was given up is no sign that it works again.
  const auto& told = f.board.members.at(power);
  CHECK(told.state == stream_state::retrying);
  CHECK(told.trouble_since.value() < began + minutes(5));
}

TEST_CASE("E5: when answers can be used again, all that waits is had at once") {
  days_of_polls f("2026-11-23T23:01:00");
  const auto back = f.clock.now() + hours(12);
  f.from.serve = [&f, back](const fetch_request& request) {
    return f.clock.now() < back ? result<raw_answer>(raw_answer{unusable, {}}) : nem_rows(f, request);
  };
  f.live_for(nem_stream(), hours(13));
  CHECK(f.kafka.state.members.at(power).position >= at("2026-11-24T11:50:00"));
  CHECK(f.asked_within(back, back + minutes(15)) <= 12);
}

TEST_CASE("E5: one interval that stays unusable is given up, and what is behind it follows at once") {
  days_of_polls f("2026-11-23T12:01:00");
  const auto bad = at("2026-11-23T11:00:00");
  f.from.serve = [&f, bad](const fetch_request& request) {
    const bool has_it = request.window.start <= bad && bad < request.window.end.value_or(network_time::max());
    return has_it ? result<raw_answer>(raw_answer{unusable, {}}) : nem_rows(f, request);
  };
  f.live_for(nem_stream(), hours(6));
  const auto& stands = f.kafka.state.members.at(power);
  REQUIRE(stands.labels.gaps().size() == 1);
  CHECK(stands.labels.gaps()[0].range == time_range{bad, at("2026-11-23T11:05:00")});
  CHECK(stands.position >= at("2026-11-23T17:50:00"));
  // Twelve labels lie before it.
  CHECK(f.published_at(20) - f.published_at(13) < minutes(1));
}

TEST_CASE("F7: hours that come a day late cost a few requests each, not one every five minutes") {
  days_of_polls f("2026-11-23T12:00:00");
  serve_hours(f, hours(25));
  const auto began = f.clock.now();
  f.live_for(wem_hours(), hours(24));
  CHECK(f.asked_within(began + hours(1), began + hours(24)) <= 23 * 5);
  // Still each is there soon after it came.
  for (std::size_t n = f.kafka.records.size() - 10; n < f.kafka.records.size(); ++n) {
    const auto came = to_utc(at("2026-11-20T00:00:00"), network::wem) + (n + 1) * hours(1) + hours(25);
    CHECK(f.published_at(n + 1) - came < hours(1) + minutes(17));  // the next one shows that it is whole
  }
}

TEST_CASE("F7: hours that come in time cost one request each, right after their time, also behind late ones") {
  days_of_polls f("2026-11-23T12:00:00");
  serve_hours(f, minutes(20));
  const auto began = f.clock.now();
  f.live_for(wem_hours(), hours(12));
  CHECK(f.asked_within(began + hours(1), began + hours(12)) <= 11 + 2);
  // Two and a half hours after its end an hour of WEM is closed.
  for (std::size_t n = f.kafka.records.size() - 8; n < f.kafka.records.size(); ++n) {
    const auto closes = to_utc(at("2026-11-20T00:00:00"), network::wem) + (n + 1) * hours(1) + minutes(150);
    CHECK(f.published_at(n + 1) - closes < seconds(100));
  }
}

TEST_CASE("F7: a feed of hours that stood still is asked right after its next hour closes") {
  days_of_polls f("2026-11-23T12:00:00");
  const auto began = f.clock.now();
  const auto back = began + hours(6) + minutes(1);
  f.from.serve = [&f, began, back](const fetch_request& request) {
    const auto there = to_network_time(f.clock.now() < back ? began - hours(4) : f.clock.now(), network::wem);
    return rows(request, bucket_floor(there, interval_size::h1), hours(1), "1h", "+08:00");
  };
  f.live_for(wem_hours(), hours(9));
  const auto during = f.asked_within(began + minutes(30), back);
  CHECK(during <= 6 * 5);
  CHECK(during >= 6 * 3);
  CHECK(f.asked_within(back, back + minutes(16)) >= 1);
  CHECK(f.asked_within(back + minutes(20), began + hours(9)) <= 5);
}

TEST_CASE("E5: a stream of hours whose answers stay unusable asks a few times an hour") {
  days_of_polls f("2026-11-23T12:00:00");
  f.from.serve = [](const fetch_request&) { return result<raw_answer>(raw_answer{unusable, {}}); };
  const auto began = f.clock.now();
  f.live_for(wem_hours(), hours(12));
  for (int i = 2; i < 12; ++i) CHECK(f.asked_within(began + hours(i), began + hours(i + 1)) <= 6);
}

TEST_CASE("E5: an hour that stays unusable is given up, and keeps back neither the hour before it nor those behind") {
  days_of_polls f("2026-11-23T12:01:00");
  const auto bad = at("2026-11-23T15:00:00");
  serve_nem_hours(f, bad, network_time::max());
  const auto began = f.clock.now();
  f.live_for(nem_hours(), hours(10));
  const auto& stands = f.kafka.state.members.at(power);
  REQUIRE(stands.labels.gaps().size() == 1);
  CHECK(stands.labels.gaps()[0].range == time_range{bad, bad + hours(1)});
  CHECK(stands.position >= at("2026-11-23T21:00:00"));
  CHECK(f.published_at(up_to("2026-11-23T14:00:00")) < in_nem("2026-11-23T17:00:00"));
  CHECK(f.published_at(up_to("2026-11-23T15:00:00")) < in_nem("2026-11-23T18:45:00"));  // of 16:00: one is missing
  for (int i = 0; i < 10; ++i) CHECK(f.asked_within(began + hours(i), began + hours(i + 1)) <= 20);
  CHECK(f.asked_within(began, began + hours(10)) <= 70);
}

TEST_CASE("E5: an hour that is unusable only while it is open keeps back the one before it for `hole_after` at most") {
  days_of_polls f("2026-11-23T12:01:00");
  const auto bad = at("2026-11-23T15:00:00");
  serve_nem_hours(f, bad, bad + hours(1));
  f.live_for(nem_hours(), hours(8));
  const auto& stands = f.kafka.state.members.at(power);
  CHECK(stands.labels.gaps().empty());
  CHECK(stands.position >= at("2026-11-23T19:00:00"));
  CHECK(f.published_at(up_to("2026-11-23T14:00:00")) < in_nem("2026-11-23T16:15:00"));
  CHECK(f.published_at(up_to("2026-11-23T15:00:00")) < in_nem("2026-11-23T16:45:00"));
}

TEST_CASE("E5: an hour that is not there, before one that stays unusable, is passed over with it") {
  days_of_polls f("2026-11-23T12:01:00");
  const auto bad = at("2026-11-23T15:00:00");
  serve_nem_hours(f, bad, network_time::max(), bad - hours(1));
  const auto began = f.clock.now();
  f.live_for(nem_hours(), hours(10));
  const auto& stands = f.kafka.state.members.at(power);
  CHECK(stands.position >= at("2026-11-23T21:00:00"));
  REQUIRE(stands.labels.gaps().size() == 1);
  CHECK(stands.labels.gaps()[0].range == time_range{bad - hours(1), bad + hours(1)});
  CHECK(f.asked_within(began, began + hours(10)) <= 70);
}

TEST_CASE("E5: answers that cannot be used for a while take no hour that a late feed has not filled") {
  days_of_polls f("2026-11-23T12:00:00");
  const auto began = f.clock.now();
  f.from.serve = [&f, began](const fetch_request& request) -> result<raw_answer> {
    const auto since = f.clock.now() - began;
    if (since > hours(2) && since < hours(3)) return raw_answer{unusable, {}};
    return rows(request, to_network_time(f.clock.now() - hours(25), network::wem), hours(1), "1h", "+08:00");
  };
  f.live_for(wem_hours(), hours(10));
  for (const auto& then : f.seen) {
    const auto there = to_network_time(then.at - hours(25), network::wem);
    CHECK(then.records <= static_cast<std::size_t>((there - at("2026-11-20T00:00:00")) / hours(1)));
  }
  CHECK(f.kafka.state.members.at(power).position >= at("2026-11-22T17:00:00"));
}
