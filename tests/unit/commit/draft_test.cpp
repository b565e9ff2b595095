#include "commit/draft.hpp"

#include <doctest/doctest.h>

#include "unit/progress/samples.hpp"

using namespace oes;

namespace {

// Progress records of the claim that are a member's, by their keys' first word.
std::size_t count(const draft& made, std::string_view kind) {
  std::size_t n = 0;
  for (const auto& record : made.txn.progress) n += record.key.starts_with(kind) ? 1 : 0;
  return n;
}

}  // namespace

TEST_CASE("a claim writes a member whole that Kafka lacks, and of one that differs what has changed") {
  const auto held = samples::state();
  const last_offsets told;
  const std::string me = "me";
  const draft_base base{held, told, me, me};
  const member_key nem{"nem", "power"};
  const auto whole = draft_claim(base, {{nem, samples::nem_power()}});
  CHECK(count(whole, "member|") == 1);
  CHECK(count(whole, "month|") == 1);
  auto completed = samples::nem_power();
  completed.topic = "another";
  const auto changed = draft_claim(base, {{nem, completed}});
  CHECK(count(changed, "member|") == 1);
  CHECK(count(changed, "month|") == 0);
  CHECK(changed.after.members.at(nem).topic == "another");
  const auto both = draft_claim(base, {{nem, samples::nem_power()}, {nem, completed}});
  CHECK(count(both, "month|") == 1);
  CHECK(both.after.members.at(nem).topic == "another");
}
