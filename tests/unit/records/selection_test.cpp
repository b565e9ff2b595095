#include "records/selection.hpp"

#include <doctest/doctest.h>

#include "sample_answer.hpp"

using namespace oes;
using namespace oes::test;

TEST_CASE("what lies in a wanted range is new, its end is outside, nulls are counted") {
  sample_answer sample;
  sample.block("power", "MW")
      .add({}, {{"2026-11-23T10:00:00", "1"},
                {"2026-11-23T10:05:00", "2"},
                {"2026-11-23T10:10:00", ""},
                {"2026-11-23T10:15:00", "4"},
                {"2026-11-23T10:20:00", ""}});
  // Out of order and overlapping, as nobody should hand them over.
  const std::vector<time_range> wanted{{at("2026-11-23T10:20:00"), at("2026-11-23T10:25:00")},
                                       {at("2026-11-23T10:05:00"), at("2026-11-23T10:15:00")},
                                       {at("2026-11-23T10:04:00"), at("2026-11-23T10:06:00")}};
  const auto without = select_new(sample.get(), 0, wanted, false);
  CHECK(without.revisions == std::vector<std::vector<std::uint16_t>>{{skip, 0, skip, skip, skip}});
  CHECK(without.chosen == 1);
  CHECK(without.nulls == 2);
  const auto with = select_new(sample.get(), 0, wanted, true);
  CHECK(with.revisions == std::vector<std::vector<std::uint16_t>>{{skip, 0, 0, skip, 0}});
  CHECK(with.chosen == 3);
  CHECK(with.nulls == 0);
  CHECK(select_new(sample.get(), 0, {}, true).chosen == 0);
}
