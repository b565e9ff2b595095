#include "records/ledger.hpp"

#include <doctest/doctest.h>

#include <string>

#include "records/value_hash.hpp"
#include "support/times.hpp"

using namespace oes;
using namespace oes::test;

namespace {

const series_labels coal{{"fueltech", "coal_black"}};
const series_labels wind{{"fueltech", "wind"}};

network_time label(int number) { return at("2026-11-20T00:00:00") + number * std::chrono::minutes(5); }

}  // namespace

TEST_CASE("a ledger restored from its image knows what it knew") {
  ledger known(interval_size::m5);
  known.put(known.add(coal), label(3), {11, 0});
  known.put(known.add(wind), label(5), {12, 4});
  known.put(0, label(5), {13, 1});
  ledger_image image;
  for (const int i : {3, 5}) image.rows[label(i)] = known.row(label(i)).cells;
  image.dictionary = {{0, coal}, {1, wind}};

  const ledger again(interval_size::m5, image);
  CHECK(again.find(wind) == 1);
  CHECK(again.at(1, label(5)).revision == 4);
  CHECK(again.at(0, label(5)).value_hash == 13);
  CHECK(!again.at(1, label(3)).published());
  CHECK(!again.at(1, label(1'000)).published());
  CHECK(again.points() == 3);
  CHECK(again.row(label(5)) == known.row(label(5)));
}

TEST_CASE("what leaves the horizon is named and gone, what stays keeps its place") {
  ledger known(interval_size::m5);
  const auto id = known.add(coal);
  for (const int i : {0, 1, 4}) known.put(id, label(i), {static_cast<std::uint64_t>(i) + 1, 0});
  CHECK(known.forget_before(label(4)) == std::vector<network_time>{label(0), label(1)});
  CHECK(known.forget_before(label(4)).empty());
  CHECK(!known.at(id, label(1)).published());
  CHECK(known.at(id, label(4)).value_hash == 5);
  known.put(id, label(2), {9, 0});  // an older point again
  CHECK(known.at(id, label(2)).value_hash == 9);
  CHECK(known.at(id, label(4)).value_hash == 5);
  CHECK(known.forget_before(label(100)).size() == 2);
  known.put(id, label(200), {7, 0});
  CHECK(known.at(id, label(200)).value_hash == 7);
}

TEST_CASE("72 hours of 61 series cost little over ten bytes a point, however they arrived") {
  ledger known(interval_size::m5);
  for (std::uint16_t series = 0; series < 61; ++series) known.add({{"n", std::to_string(series)}});
  for (int i = 0; i < 3'000; ++i) {
    for (std::uint16_t series = 0; series < 61; ++series) known.put(series, label(i), {1'000, 0});
    known.forget_before(label(i - 863));
  }
  CHECK(known.points() == 864 * 61);
  CHECK(known.bytes() <= 12 * known.points());
}

TEST_CASE("months, seasons and years have a place each") {
  ledger known(interval_size::mo3);
  const auto id = known.add(coal);
  known.put(id, at("2026-07-01T00:00:00"), {1, 0});
  known.put(id, at("2026-10-01T00:00:00"), {2, 0});
  CHECK(known.at(id, at("2026-07-01T00:00:00")).value_hash == 1);
  CHECK(known.forget_before(at("2026-10-01T00:00:00")) == std::vector<network_time>{at("2026-07-01T00:00:00")});
}

TEST_CASE("a number is the same however it is spelled") {
  for (const auto* text : {"1.5", "1.50", "15e-1", "1.5E+0", "0.15e1", "001.500"}) {
    CHECK(value_hash(text) == value_hash("1.5"));
  }
  for (const auto* text : {"0", "-0.0", "0.000", "0e7", "-0"}) CHECK(value_hash(text) == value_hash("0"));
  CHECK(value_hash("100") == value_hash("1e2"));
  CHECK(value_hash("12345678901234567890123456") == value_hash("12345678901234567890123456.0"));
}

TEST_CASE("different numbers and null differ") {
  const std::vector<std::string_view> all{"",
                                          "0",
                                          "1",
                                          "-1",
                                          "10",
                                          "0.1",
                                          "1.01",
                                          "1.001",
                                          "101",
                                          "1e3",
                                          "1e-3",
                                          "11",
                                          "1.5",
                                          "-1.5",
                                          "15",
                                          "0.15",
                                          "150",
                                          "1.05",
                                          "12345678901234567890123456",
                                          "12345678901234567890123457"};
  for (std::size_t i = 0; i < all.size(); ++i) {
    CHECK(value_hash(all[i]) != 0);
    for (std::size_t j = 0; j < i; ++j) CHECK_MESSAGE(value_hash(all[i]) != value_hash(all[j]), all[i], " ", all[j]);
  }
}

TEST_CASE("G3: a text that is neither a number nor columns has some hash, and nothing is read beyond its end") {
  for (const std::string text : {"\"", "\"\"", "\"power", "\"power\"", "\"power\":", "\"power\":1,", "\"a\":1,\"",
                                 "\",", "\",\"\",", "1e99999999999999999999", "1e9223372036854775807", "-", "e", "."}) {
    CAPTURE(text);
    CHECK(value_hash(text) > null_hash);
  }
}
