#include "progress/operator_reason.hpp"

#include <doctest/doctest.h>

#include "progress/progress_codec.hpp"
#include "unit/progress/samples.hpp"

using namespace oes;

TEST_CASE("a reason is read back, and carries sequence and version for whoever folds the topic") {
  const operator_reason why{"moved \"it\"", "root", "host-a", "seek --stream nem",
                            *parse_utc("2026-11-23T00:11:12.345Z")};
  const auto record = encode_reason(why, 13, samples::state().last_version + 5);
  CHECK(record.key == "reason|13");
  const auto back = decode_reason(record.key, record.value).value();
  REQUIRE(back.has_value());
  CHECK(back->reason.text == why.text);
  CHECK(back->reason.who == "root");
  CHECK(back->reason.command == why.command);
  CHECK(back->reason.at == why.at);
  CHECK(back->sequence == 13);
  auto state = samples::state();
  ledger_book ledger;
  REQUIRE(apply_progress_record(state, ledger, record.key, record.value).has_value());
  CHECK(state.sequence == 13);
  CHECK(state.last_version == samples::state().last_version + 5);
}

TEST_CASE("other records are no reasons") {
  const auto begin = encode_begin(3, "me");
  CHECK_FALSE(decode_reason(begin.key, begin.value).value().has_value());
}
