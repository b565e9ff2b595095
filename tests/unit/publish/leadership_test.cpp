// Leadership line by line, with no Kafka: what has happened goes in, what is to be done next comes out.
#include "publish/leadership.hpp"

#include <doctest/doctest.h>

using namespace oes;
using std::chrono::milliseconds;
using std::chrono::seconds;
using act = leadership::act;

namespace {

struct bed {
  explicit bed(leadership_settings settings = {.deployment = "d"}) : state(std::move(settings)) {}

  act next() const { return state.next(now); }
  void assign() {
    state.joined();
    state.assigned();
  }
  /// Group asked, producer made and initialised, group asked again.
  void restore() {
    REQUIRE(next() == act::ask_group);
    state.group_answered(membership::ours, state.current_authority().epoch);
    REQUIRE(next() == act::make_producer);
    state.producer_made();
    REQUIRE(next() == act::init_producer);
    state.initialised();
    REQUIRE(next() == act::ask_group);
    state.group_answered(membership::ours, state.current_authority().epoch);
    REQUIRE(next() == act::lead);
  }
  void lead() {
    assign();
    restore();
    state.leading(now);
  }

  leadership::time_point now{seconds(1000)};
  leadership state;
};

}  // namespace

TEST_CASE("the way to lead: join, wait, ask the group, a producer, its init, ask again") {
  bed it;
  CHECK(it.next() == act::join);
  it.state.joined();
  CHECK(it.next() == act::wait);
  it.state.assigned();
  it.restore();
  CHECK_FALSE(it.state.leads());
  it.state.leading(it.now);
  CHECK(it.state.leads());
  CHECK(it.state.at_rest() == act::wait);
}

TEST_CASE("a standby waits; one that may not gives up when the group has settled on another") {
  bed waits;
  waits.state.joined();
  waits.state.placed_elsewhere(waits.now);
  waits.now += seconds(3600);
  CHECK(waits.next() == act::wait);

  bed gives_up({.deployment = "d", .otherwise = when_not_assigned::give_up});
  gives_up.state.joined();
  gives_up.state.placed_elsewhere(gives_up.now);
  gives_up.now += seconds(11);
  CHECK(gives_up.next() == act::wait);
  gives_up.now += seconds(1);
  CHECK(gives_up.next() == act::refuse);
  CHECK(gives_up.state.refusal().code == errc::fenced);
  gives_up.state.assigned();
  CHECK(gives_up.next() == act::ask_group);
}

TEST_CASE("what an operator has to mend is refused until the group assigns") {
  bed it;
  it.state.joined();
  it.state.refused({errc::kafka_refused, "no right"});
  CHECK(it.next() == act::refuse);
  CHECK(it.state.refusal().context == "no right");
  it.state.assigned();
  CHECK(it.next() == act::ask_group);

  bed leads;
  leads.lead();
  leads.state.refused({errc::kafka_refused, "no right"});
  CHECK(leads.next() == act::lead);  // the lease still stands
}

TEST_CASE("B5 a revoke and an assignment out of one poll: leadership is lost all the same") {
  bed it;
  it.lead();
  const auto decided_in = it.state.current_authority().epoch;
  REQUIRE(it.state.may_send(decided_in));
  it.state.revoked("taken away");
  it.state.assigned();
  CHECK_FALSE(it.state.may_send(decided_in));
  CHECK(it.state.at_rest() == act::lose);
  CHECK(it.next() == act::lose);
  it.state.said_lost();
  CHECK(it.next() == act::drop_producer);
  it.state.producer_dropped();
  it.restore();
  CHECK_FALSE(it.state.may_send(decided_in));
  CHECK(it.state.may_send(it.state.current_authority().epoch));
}

TEST_CASE("B5 the same without a producer in hand: what was decided before the revoke is not sent after it") {
  bed it({.deployment = "d", .idle_retirement = seconds(2)});
  it.lead();
  it.state.committed(it.now);
  const auto decided_in = it.state.current_authority().epoch;
  it.now += seconds(3);
  it.state.retire_if_idle(it.now);
  CHECK(it.next() == act::drop_producer);
  it.state.producer_dropped();
  CHECK(it.next() == act::ask_group);
  it.state.revoked("session");
  it.state.assigned();
  it.state.group_answered(membership::ours, decided_in);  // about the assignment that is gone
  CHECK(it.next() == act::lose);
  CHECK_FALSE(it.state.may_send(decided_in));
}

TEST_CASE("B5 a producer made in an older epoch is not used in a newer one") {
  bed it;
  it.assign();
  it.state.group_answered(membership::ours, it.state.current_authority().epoch);
  it.state.producer_made();
  it.state.initialised();
  it.state.revoked("taken away");
  CHECK(it.next() == act::drop_producer);
  it.state.assigned();
  CHECK(it.next() == act::drop_producer);
  it.state.producer_dropped();
  it.restore();
}

TEST_CASE("B1 every replaced producer has another number, so that Kafka is compared before it is used") {
  bed it;
  it.lead();
  const auto first = it.state.current_authority();
  it.state.retire_producer();
  CHECK(it.next() == act::drop_producer);
  it.state.producer_dropped();
  it.restore();
  CHECK(it.state.leads());
  CHECK(it.state.current_authority().epoch == first.epoch);
  CHECK(it.state.current_authority().producer != first.producer);
}

TEST_CASE("a failed producer is replaced after a pause that doubles and ends with the first success") {
  bed it;
  it.lead();
  for (const auto pause : {250, 500, 1000, 2000, 4000, 5000, 5000}) {
    it.state.producer_failed(it.now);
    CHECK(it.next() == act::drop_producer);
    it.state.producer_dropped();
    CHECK(it.next() == act::wait);
    it.now += milliseconds(pause - 1);
    CHECK(it.next() == act::wait);
    it.now += milliseconds(1);
    CHECK(it.next() == act::ask_group);
    it.state.group_answered(membership::ours, it.state.current_authority().epoch);
    CHECK(it.next() == act::make_producer);
    it.state.producer_made();
  }
  it.state.initialised();
  it.state.group_answered(membership::ours, it.state.current_authority().epoch);
  CHECK(it.next() == act::lead);
  it.state.producer_failed(it.now);
  it.state.producer_dropped();
  it.now += milliseconds(250);
  CHECK(it.next() == act::ask_group);
}

TEST_CASE("the group's no, before or after the init, is a loss; no answer is asked for again") {
  bed before;
  before.lead();
  before.state.retire_producer();
  before.state.producer_dropped();
  before.state.group_answered(membership::unknown, before.state.current_authority().epoch);
  CHECK(before.next() == act::ask_group);
  before.state.group_answered(membership::lost, before.state.current_authority().epoch);
  CHECK(before.next() == act::lose);

  bed after;
  after.assign();
  after.state.group_answered(membership::ours, after.state.current_authority().epoch);
  after.state.producer_made();
  after.state.initialised();
  after.state.group_answered(membership::lost, after.state.current_authority().epoch);
  CHECK(after.next() == act::drop_producer);
  after.state.producer_dropped();
  CHECK(after.next() == act::wait);
}

TEST_CASE("an idempotent producer needs neither init nor the group's word, and is not compared") {
  bed it({.deployment = "d", .producers = guarantee::idempotent, .idle_retirement = seconds(1)});
  it.assign();
  CHECK(it.next() == act::make_producer);
  it.state.producer_made();
  CHECK(it.next() == act::lead);
  it.state.leading(it.now);
  const auto right = it.state.current_authority();
  it.now += seconds(5);
  it.state.retire_if_idle(it.now);
  CHECK(it.next() == act::lead);
  it.state.producer_failed(it.now);
  it.state.producer_dropped();
  it.now += seconds(1);
  CHECK(it.next() == act::make_producer);
  it.state.producer_made();
  CHECK(it.state.current_authority() == right);
}

TEST_CASE("B5 after resigning it begins anew, in another epoch") {
  bed it;
  it.lead();
  const auto before = it.state.current_authority().epoch;
  it.state.resigned();
  CHECK_FALSE(it.state.leads());
  CHECK(it.next() == act::join);
  it.lead();
  CHECK_FALSE(it.state.may_send(before));
}

TEST_CASE("B5 the successor of an idle producer is not idle itself, however long it takes to be compared with Kafka") {
  bed it({.deployment = "d", .idle_retirement = seconds(2)});
  it.lead();
  it.state.committed(it.now);
  it.now += seconds(3);
  it.state.retire_if_idle(it.now);
  CHECK(it.next() == act::drop_producer);
  it.state.producer_dropped();
  it.restore();
  it.now += seconds(3);
  it.state.retire_if_idle(it.now);
  CHECK(it.next() == act::lead);
  it.state.committed(it.now);
  it.now += seconds(3);
  it.state.retire_if_idle(it.now);
  CHECK(it.next() == act::drop_producer);
}
