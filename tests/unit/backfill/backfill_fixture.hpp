#pragma once
// A backfill on fakes: the stream nem, of which the live loop has published from 11:00 to 12:00.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "backfill/backfill.hpp"
#include "unit/pipeline/poll_fixture.hpp"

namespace oes::test {

struct backfill_fixture : poll_fixture {
  backfill_fixture() : poll_fixture("2026-11-23T12:01:00") {
    // Retries wait in milliseconds.
    const auto here = wall_now();
    clock = time_source(clock_settings{here, to_utc(at("2026-11-23T12:01:00"), network::nem), 1000});
    // The live stream stands at 12:00 and has published since 11:00.
    auto& live = kafka.state.members[power];
    live.identity = canonical(make_groups({stream}).front().identity);
    live.start = live.ledger_from = at("2026-11-23T11:00:00");
    live.position = at("2026-11-23T12:00:00");
    live.labels.cover({live.start, live.position});
  }

  result<backfill_news> backfill() {
    result<backfill_news> out = error{};
    in_term<bool>([&](walk_parts& w) { return drive_backfill(w, out); });
    return out;
  }

  boost::asio::awaitable<bool> drive_backfill(walk_parts& w, result<backfill_news>& out) {
    term = &w;
    task_group background(loop.get_executor(), no_failure_expected());
    std::vector<std::pair<member_key, member_progress>> nobody;
    const auto claimed = co_await w.write.committer.claim(std::move(nobody));
    background.start("committer", w.write.committer.run());
    backfill_context bench{groups,
                           w.by,
                           &facilities,
                           w.read,
                           w.write,
                           [&](const backfill_news& n) {
                             told.push_back(n);
                             heard(n);
                           },
                           [&] { return wanted; },
                           recall};
    auto given = order;
    operator_reason why{"a test", "", "", "", {}};
    auto ended = co_await run_backfill(std::move(given), std::move(why), bench);
    out = std::move(ended);
    w.write.committer.close();
    co_await background.join();
    co_return claimed.has_value();
  }

  boost::asio::awaitable<result<published_before>> recall_past(std::vector<member_labels> asked) {
    ++recalls;
    published_before out{{}, gone, twice};
    for (std::size_t i = 0; i < asked.size(); ++i) out.known.push_back(past);
    const auto first = asked.front().labels.ranges().front().begin;
    if (labels_in_memory > 0) out.until = bucket_add(first, interval_size::m5, labels_in_memory);
    co_return out;
  }

  [[nodiscard]] const member_progress& member() const { return kafka.state.members.at(power); }
  [[nodiscard]] std::size_t revisions(const std::string& text) const {
    return static_cast<std::size_t>(std::count_if(kafka.records.begin(), kafka.records.end(), [&](const auto& r) {
      return r.second.find("\"revision\":" + text) != std::string::npos;
    }));
  }

  stream_spec stream = nem_stream();
  std::vector<request_group> groups = make_groups({stream});
  backfill_order order{"nem", "", "2026-11-23T10:00:00", "2026-11-23T10:20:00", backfill_mode::fill};
  std::vector<backfill_news> told;
  std::function<void(const backfill_news&)> heard = [](const backfill_news&) {};  ///< at once
  bool wanted = true;
  published_points past{interval_size::m5};
  int labels_in_memory = 0;  ///< 0: all
  std::string gone;
  std::string twice;
  int recalls = 0;
  recall_published recall = [this](const request_group&, std::vector<member_labels> asked) {
    return recall_past(std::move(asked));
  };
  walk_parts* term = nullptr;  ///< while a backfill runs
};

inline const std::vector<std::pair<std::string, std::string>> four{
    {"10:00", "1"}, {"10:05", "2"}, {"10:10", "3"}, {"10:15", "4"}};

inline time_range minutes(const char* from, const char* to) { return {at(from), at(to)}; }

inline error with_status(errc code, int status) { return {code, "the API said so", {}, status}; }

}  // namespace oes::test
