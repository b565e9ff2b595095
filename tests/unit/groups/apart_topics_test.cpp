#include "groups/apart_topics.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace oes;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

const run_time now{std::chrono::hours(1)};

}  // namespace

TEST_CASE("E2: a refused topic is tried again later, and later each time, up to five minutes") {
  apart_topics apart;
  CHECK(apart.find("t") == nullptr);
  std::vector<std::int64_t> pauses;
  for (int i = 0; i < 10; ++i) {
    apart.refused("t", "no right", now);
    pauses.push_back(std::chrono::duration_cast<seconds>(apart.find("t")->next_try - now).count());
  }
  CHECK(pauses == std::vector<std::int64_t>{2, 4, 8, 16, 32, 64, 128, 256, 300, 300});
}

TEST_CASE("E2: a rehearsal that proves too little does not begin the pauses anew") {
  apart_topics apart;
  for (int i = 0; i < 4; ++i) apart.refused("t", "too large", now);
  apart.takes_again("t", now);
  CHECK(apart.find("t") == nullptr);
  apart.refused("t", "too large", now + seconds(5));
  CHECK(apart.find("t")->next_try == now + seconds(5) + seconds(32));
  apart.takes_again("t", now + minutes(1));
  apart.refused("t", "too large", now + minutes(12));
  CHECK(apart.find("t")->next_try == now + minutes(12) + seconds(2));
}
