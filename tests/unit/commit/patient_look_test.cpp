// One look at a broker that lags behind convicts nobody; one that lasts does.
#include "commit/patient_look.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <string>
#include <vector>

#include "support/run_on_loop.hpp"

using namespace oes;
using kind = glimpse::kind;
using std::chrono::milliseconds;

namespace {

struct looks {
  boost::asio::awaitable<result<glimpse>> next() {
    REQUIRE_FALSE(shows.empty());
    auto seen = shows.front();
    if (shows.size() > 1 || !last_stays) shows.pop_front();
    ++taken;
    co_return seen;
  }
  result<bool> look(milliseconds lag) {
    boost::asio::io_context loop(1);
    return test::run_on_loop(loop, look_patiently([this] { return next(); }, {lag, pause},
                                                  [this](const error& why) { told.push_back(why.context); }));
  }
  std::deque<result<glimpse>> shows;
  bool last_stays = false;
  milliseconds pause{0};
  int taken = 0;
  std::vector<std::string> told = {};
};

}  // namespace

TEST_CASE("P3: less than is known is looked at again until all of it is there, and told meanwhile") {
  looks it{{glimpse{kind::less, "sequence 3 of 5"}, glimpse{kind::nothing, "no broker"}, glimpse{}}};
  CHECK(it.look(std::chrono::minutes(1)).value());
  CHECK(it.told ==
        std::vector<std::string>{"a broker that lags behind may have been asked: sequence 3 of 5", "no broker"});
}

TEST_CASE("P3: less for longer than the patience is the last word") {
  looks it{{glimpse{kind::less, "sequence 3 of 5"}}};
  it.last_stays = true;
  CHECK_FALSE(it.look(milliseconds(20)).value());
  CHECK(it.taken > 1);
}

TEST_CASE("P3: a Kafka that could not be read for long has not shown less for long") {
  looks it{{glimpse{kind::nothing, "no broker"}, glimpse{kind::nothing, "no broker"}, glimpse{kind::less, "3 of 5"},
            glimpse{}}};
  CHECK(it.look(std::chrono::minutes(1)).value());
  CHECK(it.taken == 4);
}

TEST_CASE("P3: two glimpses of a broker that lags behind, with silence between them, are no long look") {
  looks it;
  it.shows = {glimpse{kind::less, "3 of 5"}};
  for (int i = 0; i < 40; ++i) it.shows.emplace_back(glimpse{kind::nothing, "no broker"});
  it.shows.emplace_back(glimpse{kind::less, "3 of 5"});
  it.shows.emplace_back(glimpse{});
  it.pause = milliseconds(1);
  CHECK(it.look(milliseconds(20)).value());
  CHECK(it.taken == 43);
}

TEST_CASE("an error of the look is none that looking again mends") {
  looks it{{error{errc::damaged, "not to be read"}}};
  CHECK(it.look(std::chrono::minutes(1)).error().code == errc::damaged);
  CHECK(it.told.empty());
}
