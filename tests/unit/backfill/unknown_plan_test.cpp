// A backfill while nobody has told what the key's plan is: what only a better plan reaches waits until that is known.
#include <doctest/doctest.h>

#include "unit/backfill/backfill_fixture.hpp"

using namespace oes;
using namespace oes::test;

namespace {

/// By the plan that is assumed, all of the order is out of reach. `/me` answers once the backfill says that it waits.
struct key_without_a_plan : backfill_fixture {
  explicit key_without_a_plan(std::string told_later) {
    budget_options.plan = "auto";
    order.from = "2015-01-01T00:00:00";
    order.to = "2015-01-01T00:20:00";
    heard = [this, plan = std::move(told_later)](const backfill_news& news) {
      if (news.waits_for.find("plan") == std::string::npos) return;
      ++waits;
      account me;
      me.plan = plan;
      limits = limits_of(plan);
      term->by.budget.hear(me, limits, clock.now());
    };
  }
  int waits = 0;
};

}  // namespace

TEST_CASE("what lies out of the assumed plan's history is asked for once a better plan is told; nothing ends before") {
  for (const auto mode : {backfill_mode::fill, backfill_mode::refresh}) {
    key_without_a_plan f("PRO");
    f.order.mode = mode;
    const auto news = f.backfill();
    REQUIRE(news.has_value());
    CHECK(f.waits == 1);
    REQUIRE(f.from.asked().size() == 1);
    CHECK(f.from.asked()[0].window.start == at("2015-01-01T00:00:00"));
    CHECK(news->out_of_reach.empty());
  }
}

TEST_CASE("once the plan is told to be no better a backfill ends, and says what it did not ask for") {
  key_without_a_plan f("COMMUNITY");
  const auto news = f.backfill();
  REQUIRE(news.has_value());
  CHECK(f.waits == 1);
  CHECK(f.from.asked().empty());
  CHECK(news->out_of_reach.find("the plan (COMMUNITY) reaches back 730 days") != std::string::npos);
}
