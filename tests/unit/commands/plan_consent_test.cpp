// A plan is made again before it is carried out: nobody has agreed to another one.
#include "commands/plan_consent.hpp"

#include <doctest/doctest.h>

using namespace oes;

namespace {

job_answer plan_that_says(std::string line) {
  job_answer plan;
  plan.says = {std::move(line)};
  plan.must_confirm = true;
  return plan;
}

}  // namespace

TEST_CASE("I: a plan that is the same when it is made again is not asked for twice, another one is") {
  int asked = 0;
  plan_consent consent([&](const job_answer&) {
    ++asked;
    return exit_ok;
  });
  CHECK(consent.to(plan_that_says("nem/power: goes back from 15:35 to 10:00")) == exit_ok);
  CHECK(consent.to(plan_that_says("nem/power: goes back from 15:35 to 10:00")) == exit_ok);
  CHECK(asked == 1);
  CHECK(consent.to(plan_that_says("nem/power: goes back from 15:40 to 10:00")) == exit_ok);
  CHECK(asked == 2);
}

TEST_CASE("I: who does not agree to what the plan has become has agreed to nothing") {
  bool agrees = true;
  plan_consent consent([&](const job_answer&) { return agrees ? exit_ok : exit_failure; });
  CHECK(consent.to(plan_that_says("a")) == exit_ok);
  agrees = false;
  CHECK(consent.to(plan_that_says("b")) == exit_failure);
}
