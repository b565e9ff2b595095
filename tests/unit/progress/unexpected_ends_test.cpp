// E1: what a dying process leaves, as lines of a file and as a record of the progress topic.
#include "progress/unexpected_ends.hpp"

#include <doctest/doctest.h>

#include "progress/progress_codec.hpp"
#include "progress/unexpected_record.hpp"
#include "support/times.hpp"

using namespace oes;
using namespace oes::test;

namespace {

const work_in_hand hand{{"fuel,regions", "data", work_place::live},
                        {at("2026-11-23T10:00:00"), at("2026-11-23T10:30:00")}};
const unexpected_end one{utc("2026-11-23T00:31:00Z"), hand.of, window_text(hand.window), "std::bad_alloc"};
const unexpected_end other{utc("2026-11-23T00:32:00Z"), {"wem", "market", work_place::background}, "", "poison"};

result<void> fold(progress_state& state, std::string_view key, std::string_view value) {
  ledger_book ledger;
  return apply_progress_record(state, ledger, key, value);
}

}  // namespace

TEST_CASE("E1: lines are read back; what is no entry, or was cut off, is passed over") {
  const auto text = text_of({one, other});
  CHECK(unexpected_ends_in(text) == std::vector<unexpected_end>{one, other});
  CHECK(text.find("\t" + entry_of(hand) + "\t") != std::string::npos);
  CHECK(unexpected_ends_in("nonsense\n\n12\t\t\tlive\t\t\n" + text_of({other}) + "x\ty\n") ==
        std::vector<unexpected_end>{other});
  CHECK(unexpected_ends_in(text.substr(0, text.size() - 1)) == std::vector<unexpected_end>{one});
  CHECK(unexpected_ends_in("1\tfuel\tdata\telsewhere\t\t\n").empty());
}

TEST_CASE("E1: the record is read back, does not count in the state's hash, and is small") {
  end_history history{{one, other}, {{{"late", "data", work_place::live}, utc("2026-11-23T00:30:00Z")}}};
  const auto record = encode_unexpected(history, 7);
  progress_state state;
  const auto before = hash_of(state);
  REQUIRE(fold(state, record.key, record.value).has_value());
  CHECK(state.unexpected == history);
  CHECK(state.sequence == 7);
  state.sequence = 0;
  CHECK(hash_of(state) == before);
  for (int i = 0; i < 1000; ++i) {
    history.ends.push_back({one.at + std::chrono::seconds(i),
                            {std::string(100, 's'), "data", work_place::live},
                            one.window,
                            std::string(1000, 'x')});
  }
  CHECK(encode_unexpected(history, 8).value.size() < 16 * 1024);
}

TEST_CASE("E1: the state can be told without the record: damaged parts of it are left out") {
  CHECK_FALSE(state_needs(unexpected_key));
  progress_state state;
  CHECK(fold(state, "unexpected", R"({"v":2,"sequence":1,"ends":[1,{},{"stream":"a"}],"well":7})").has_value());
  CHECK(state.unexpected.empty());
  CHECK(fold(state, "unexpected", "").has_value());
}
