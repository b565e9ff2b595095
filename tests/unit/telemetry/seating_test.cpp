#include "telemetry/seating.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

using namespace oes;

namespace {

const auto here = boost::asio::ip::make_address("127.0.0.1");
const auto there = boost::asio::ip::make_address("10.0.0.7");

struct party {
  explicit party(seating& seats) : at(seats) {}
  void comes(const std::string& who, const boost::asio::ip::address& from) {
    guests.push_back(std::unique_ptr<seating::seat>(new seating::seat(at.take(from, [this, who] { left += who; }))));
  }
  seating& at;
  std::string left;
  std::vector<std::unique_ptr<seating::seat>> guests;
};

}  // namespace

TEST_CASE("D6: whoever has waited longest makes room, and nobody is asked twice") {
  seating seats(3, 3);
  party all(seats);
  for (const auto* who : {"a", "b", "c"}) all.comes(who, here);
  CHECK(all.left.empty());
  all.comes("d", there);
  CHECK(all.left == "a");
  all.comes("e", there);
  CHECK(all.left == "ab");
}

TEST_CASE("D6: one peer takes no more than its share: of its own ones the oldest goes") {
  seating seats(4, 2);
  party all(seats);
  all.comes("x", there);
  for (const auto* who : {"a", "b", "c", "d"}) all.comes(who, here);
  CHECK(all.left == "ab");
}

TEST_CASE("D6: who is being answered stays while others only wait, and goes to the end when it waits again") {
  seating seats(2, 2);
  party all(seats);
  all.comes("a", here);
  all.comes("b", here);
  all.guests[0]->is_served();
  all.comes("c", there);
  CHECK(all.left == "b");
  all.guests[1].reset();
  all.guests[0]->waits();
  all.comes("d", there);
  CHECK(all.left == "bc");
  all.guests.clear();
  CHECK(seats.taken() == 0);
}
