// Of what the data topics do not hold, only what was asked for is missed.
#include "app/past_reader.hpp"

#include <doctest/doctest.h>

#include "registry/schema_lookup.hpp"
#include "support/times.hpp"

using namespace oes;
using namespace oes::test;

TEST_CASE("records are gone only of labels that are asked for of that member; what came behind them is not missed") {
  stream_spec stream;
  stream.name = "nem";
  stream.metrics = {"power", "energy"};
  stream.topic = "t";
  const auto group = make_groups({stream}).front();
  const time_range first_half{at("2026-11-23T10:00:00"), at("2026-11-23T10:30:00")};
  const time_range second_half{first_half.end, at("2026-11-23T11:00:00")};
  std::map<member_key, member_progress> committed;
  for (const auto& member : group.members) committed[member.key].identity = identity_of(group, member);
  // Published by the live stream after the topics were read.
  committed[group.members[0].key].labels.cover(second_half);
  const auto gone = [&] {
    past_reader past(group, {{0, first_half}, {1, {first_half.begin, second_half.end}}},
                     avro::record_decoder(schema_lookup(registry_settings{})));
    past.begin({});
    return past.gone(committed);
  };
  CHECK(gone().empty());
  committed[group.members[1].key].labels.cover(second_half);
  CHECK(gone().find("nem/energy 2026-11-23T10:30") != std::string::npos);
  CHECK(gone().find("power") == std::string::npos);
}
