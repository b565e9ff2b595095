// Backfills of facility series, of which each window takes several requests, on a day with few credits.
#include <doctest/doctest.h>

#include "unit/backfill/backfill_fixture.hpp"
#include "unit/pipeline/facility_samples.hpp"

using namespace oes;
using namespace oes::test;

namespace {

// 61 units, three requests a window; a day passes in a moment.
struct unit_backfill : backfill_fixture {
  explicit unit_backfill(std::int64_t credits) {
    clock = time_source(clock_settings{wall_now(), to_utc(at("2026-11-23T12:01:00"), network::nem), 1e6});
    budget_options.credits_per_day = credits;
    budget_options.share = 1;
    stream.filter.facility_codes = {"all"};
    groups = make_groups({stream});
    kafka.state.members.at(power).identity = canonical(groups.front().identity);
    facilities.learn(many_facilities(61));
    from.serve = [this](const fetch_request& request) -> result<raw_answer> {
      std::vector<std::string> units;
      for (const auto& code : request.identity.filter.facility_codes) units.push_back(code + "U");
      return raw_answer{units_body("power", units, four), clock.now(), clock.now()};
    };
  }

  // Beside a stream whose polls want more than a day has.
  result<backfill_news> beside_live_polls() {
    result<backfill_news> out = error{};
    in_term<bool>([&](walk_parts& w) {
      w.by.budget.join({std::chrono::minutes(5), std::chrono::minutes(5), 1, 0});
      return drive_backfill(w, out);
    });
    return out;
  }
};

}  // namespace

TEST_CASE("F: what a backfill is granted of a day adds up until it pays all requests of a window") {
  unit_backfill f(20);  // two of each day
  const auto began = f.clock.now();
  int asked_before_all_were_paid = 0;
  f.heard = [&](const backfill_news& news) {
    if (!news.waits_for.empty()) asked_before_all_were_paid += static_cast<int>(f.from.asked().size());
    if (f.clock.now() - began > std::chrono::days(20)) f.wanted = false;
  };
  const auto news = f.beside_live_polls();
  REQUIRE(news.has_value());
  CHECK(asked_before_all_were_paid == 0);
  CHECK(f.from.asked().size() == 3);
  CHECK(news->requests == 3);
  CHECK(f.kafka.records.size() == 4 * 61);
}

TEST_CASE("F: a window that takes more than a day's share is refused with its figures, and nothing is asked") {
  unit_backfill f(2);
  f.heard = [&](const backfill_news& news) {
    if (!news.waits_for.empty()) f.wanted = false;
  };
  const auto news = f.beside_live_polls();
  REQUIRE_FALSE(news.has_value());
  CHECK(news.error().code == errc::refused);
  CHECK(news.error().context.find("3 requests") != std::string::npos);
  CHECK(f.from.asked().empty());
}

TEST_CASE("requests of a window that failed in the middle count") {
  unit_backfill f(1000);
  f.from.answer(units_body("power", {"F000U"}, four));
  f.from.answer(with_status(errc::server_error, 500));
  const auto news = f.backfill();
  REQUIRE(news.has_value());
  CHECK(f.from.asked().size() > 3);
  CHECK(news->requests == f.from.asked().size());
}
