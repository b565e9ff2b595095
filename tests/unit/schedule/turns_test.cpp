#include "schedule/turns.hpp"

#include <doctest/doctest.h>

using namespace oes;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

constexpr run_time start(std::chrono::hours(5));

turn_end ended(turn wanted, turn taken, bool others_wait, seconds pause) {
  return {wanted, taken, others_wait, false, pause, minutes(5)};
}

}  // namespace

TEST_CASE("the live edge comes at its time, and those far behind in between, whatever becomes of either") {
  turns whose(start);
  CHECK(whose.next() == turn::live);
  whose.ended(ended(turn::live, turn::live, true, minutes(5)), start + seconds(1));
  auto now = start + seconds(1);
  int behind = 0;
  for (; whose.next() == turn::behind; ++behind) {
    now = std::max(now, whose.due()) + seconds(10);
    whose.ended(ended(turn::behind, turn::behind, true, seconds(0)), now);
  }
  CHECK(behind == 30);
  CHECK(now - whose.due() < seconds(10));
  // The live edge fails for long: those behind go on.
  whose.ended(ended(turn::live, turn::live, true, minutes(60)), now);
  CHECK(whose.next() == turn::behind);
  CHECK(whose.due() <= now);
  // They fail: the live edge does not wait for them.
  whose.ended(ended(turn::behind, turn::behind, true, minutes(90)), now);
  CHECK(whose.next() == turn::live);
  CHECK(whose.due() == now + minutes(60));
}

TEST_CASE("where nobody is near, or nobody is behind, there is one turn and one wait") {
  turns far(start);
  far.ended(ended(turn::live, turn::behind, false, minutes(3)), start);
  CHECK(far.due() == start + minutes(3));
  CHECK(far.next() == turn::live);
  far.ended(ended(turn::live, turn::behind, false, minutes(3)), far.due());
  CHECK(far.due() == start + minutes(6));

  turns near(start);
  near.ended(ended(turn::live, turn::live, false, minutes(5)), start);
  CHECK(near.due() == start + minutes(5));
  CHECK(near.next() == turn::live);
}

TEST_CASE("those near who have nothing to ask for yet are not polled before their time") {
  turns whose(start);
  whose.ended(ended(turn::live, turn::behind, true, seconds(0)), start);
  CHECK(whose.next() == turn::behind);
  CHECK(whose.due() == start);
  whose.ended(ended(turn::behind, turn::behind, true, minutes(7)), start);
  CHECK(whose.next() == turn::live);
  CHECK(whose.due() == start + minutes(5));
}

TEST_CASE("a turn that was another's in the end does not come again at once") {
  turns whose(start);
  whose.ended(ended(turn::live, turn::live, true, minutes(5)), start);
  whose.ended(ended(turn::behind, turn::live, true, minutes(5)), start);  // they had nothing to ask for
  CHECK(whose.due() == start + minutes(5));
}

TEST_CASE("who waits for credits looks again when there are more; a stretched live edge comes sooner") {
  turns whose(start);
  auto spent = ended(turn::live, turn::live, true, minutes(600));
  spent.wants_the_budget = true;
  whose.ended(spent, start);
  spent.wanted = spent.taken = turn::behind;
  whose.ended(spent, start);
  whose.eased(start + minutes(1), minutes(5));
  CHECK(whose.due() == start + minutes(1));
  whose.ended(ended(turn::live, turn::live, false, minutes(300)), start + minutes(1));
  whose.eased(start + minutes(2), minutes(5));
  CHECK(whose.due() == start + minutes(7));
  // What waits for something else goes on waiting.
  turns failing(start);
  failing.ended(ended(turn::live, turn::live, true, minutes(5)), start);
  failing.ended(ended(turn::behind, turn::behind, true, minutes(60)), start);
  failing.eased(start + minutes(1), minutes(30));
  CHECK(failing.next() == turn::live);
}

TEST_CASE("those far behind who failed are not asked for in the live edge's turn before their time") {
  turns whose(start);
  CHECK(whose.other(start) == other_turn::is_due);  // nothing is known of them
  whose.ended(ended(turn::live, turn::behind, true, minutes(60)), start);
  CHECK(whose.next() == turn::live);
  CHECK(whose.other(start + minutes(5)) == other_turn::rests);
  whose.ended(ended(turn::live, turn::live, true, minutes(5)), start + minutes(5));  // nothing to ask for
  CHECK(whose.other(start + minutes(10)) == other_turn::rests);
  CHECK(whose.other(start + minutes(60)) == other_turn::is_due);
}
