// In which order records come, and where a chunk ends.
#include <doctest/doctest.h>

#include "flat_json.hpp"
#include "records/record_builder.hpp"
#include "sample_answer.hpp"

using namespace oes;
using namespace oes::test;

namespace {

// Two metrics; wind starts late and has a hole, coal is complete.
sample_answer uneven() {
  sample_answer sample;
  const sample_points whole{{"2026-11-23T10:00:00", "1"},
                            {"2026-11-23T10:05:00", "2"},
                            {"2026-11-23T10:10:00", "3"},
                            {"2026-11-23T10:15:00", "4"}};
  const sample_points holes{{"2026-11-23T10:05:00", "20"}, {"2026-11-23T10:10:00", ""}, {"2026-11-23T10:15:00", "40"}};
  sample.block("power", "MW").add({{"fueltech", "coal_black"}}, whole).add({{"fueltech", "wind"}}, holes);
  sample.block("energy", "MWh").add({{"fueltech", "coal_black"}}, whole);
  return sample;
}

// `metric value`, of each record in order.
std::vector<std::string> short_forms(const record_batch& batch) {
  std::vector<std::string> out;
  for (const auto& record : batch.records) {
    const auto members = flat(batch.value(record));
    out.push_back(text_of(members, "interval").substr(14, 2) + " " + text_of(members, "metric") + " " +
                  text_of(members, "value"));
  }
  return out;
}

std::vector<std::string> joined(std::vector<std::string> to, const std::vector<std::string>& more) {
  to.insert(to.end(), more.begin(), more.end());
  return to;
}

const std::vector<std::string> in_order{"00 power 1", "00 energy 1", "05 power 2", "05 power 20", "05 energy 2",
                                        "10 power 3", "10 energy 3", "15 power 4", "15 power 40", "15 energy 4"};

}  // namespace

TEST_CASE("records come interval by interval over all series and metrics") {
  const auto sample = uneven();
  record_builder builder(sample.get(), plans_for(sample.get(), {}));
  version_counter versions(0);
  CHECK_FALSE(builder.done());
  const auto chunk = builder.next({}, versions);
  CHECK(builder.done());
  CHECK(short_forms(chunk.batch) == in_order);
  CHECK(chunk.complete_before == network_time::max());
}

TEST_CASE("a chunk ends between two intervals and says how far it is complete") {
  const auto sample = uneven();
  record_builder builder(sample.get(), plans_for(sample.get(), {}));
  version_counter versions(0);
  const chunk_limits limits{.records = 4};
  const auto first = builder.next(limits, versions);
  CHECK(first.batch.records.size() == 2);
  CHECK(first.complete_before == at("2026-11-23T10:05:00"));
  const auto second = builder.next(limits, versions);
  CHECK(second.batch.records.size() == 3);
  CHECK(second.complete_before == at("2026-11-23T10:10:00"));
  const auto third = builder.next(limits, versions);
  CHECK(third.complete_before == at("2026-11-23T10:15:00"));
  const auto last = builder.next(limits, versions);
  CHECK(builder.done());
  CHECK(last.complete_before == network_time::max());
}

TEST_CASE("A2: an interval over the limits alone goes whole, in a chunk of its own") {
  const auto sample = uneven();
  record_builder builder(sample.get(), plans_for(sample.get(), {}));
  version_counter versions(0);
  std::vector<std::string> all;
  std::vector<network_time> complete;
  std::vector<std::size_t> sizes;
  while (!builder.done()) {
    const auto chunk = builder.next({.records = 1}, versions);
    sizes.push_back(chunk.batch.records.size());
    all = joined(all, short_forms(chunk.batch));
    complete.push_back(chunk.complete_before);
  }
  CHECK(all == in_order);
  CHECK(sizes == std::vector<std::size_t>{2, 3, 2, 3});
  CHECK(complete.at(0) == at("2026-11-23T10:05:00"));
  CHECK(complete.at(1) == at("2026-11-23T10:10:00"));
  CHECK(complete.at(3) == network_time::max());
}

TEST_CASE("any limits give the same records, none over its limits while two intervals could be parted") {
  const auto sample = uneven();
  for (std::size_t bytes = 0; bytes < 6'000; bytes += 97) {
    CAPTURE(bytes);
    record_builder builder(sample.get(), plans_for(sample.get(), {}));
    version_counter versions(0);
    std::vector<std::string> all;
    record_batch spare;
    while (!builder.done()) {
      auto chunk = builder.next({.records = 100, .bytes = bytes}, versions, std::move(spare));
      REQUIRE_FALSE(chunk.batch.empty());
      CHECK((chunk.batch.bytes.size() <= bytes || chunk.batch.records.size() <= 3));  // one label's
      all = joined(all, short_forms(chunk.batch));
      spare = std::move(chunk.batch);
    }
    CHECK(all == in_order);
  }
}

TEST_CASE("nothing chosen gives an empty batch and is done at once") {
  const auto sample = uneven();
  auto plans = plans_for(sample.get(), {});
  for (auto& plan : plans) {
    for (auto& revisions : plan.chosen.revisions) revisions.assign(revisions.size(), skip);
  }
  record_builder builder(sample.get(), std::move(plans));
  CHECK(builder.done());
  version_counter versions(0);
  CHECK(builder.next({}, versions).batch.empty());
  CHECK(versions.last() == 0);
  CHECK(record_builder(sample.get(), {}).done());
}

TEST_CASE("two streams of one answer write to their own topics") {
  const auto sample = uneven();
  auto plans = plans_for(sample.get(), {});
  plans[0].options.topic = "a";
  plans[0].options.stream = "one";
  plans[1].options.topic = "b";
  plans[1].options.stream = "two";
  record_builder builder(sample.get(), plans);
  version_counter versions(0);
  const auto batch = builder.next({}, versions).batch;
  CHECK(batch.topics == std::vector<std::string>{"a", "b"});
  for (const auto& record : batch.records) {
    const auto members = flat(batch.value(record));
    CHECK(text_of(members, "stream") == (text_of(members, "metric") == "power" ? "one" : "two"));
    CHECK(record.topic == (text_of(members, "metric") == "power" ? 0 : 1));
  }
}

TEST_CASE("W8: a chunk is built in slices, each about as large as it may be, and is the same to the last byte") {
  sample_answer sample;
  sample.block("power", "MW");
  for (int i = 0; i < 200; ++i) {
    const auto minute = i % 12 * 5;
    const auto text = std::string("2026-11-23T10:") + (minute < 10 ? "0" : "") + std::to_string(minute) + ":00";
    sample.add({{"unit_code", "U" + std::to_string(1000 + i)}}, {{text, std::to_string(i)}});
  }
  const chunk_limits limits{90, 1UL << 20U};
  record_builder whole(sample.get(), plans_for(sample.get(), {}));
  record_builder sliced(sample.get(), plans_for(sample.get(), {}));
  version_counter one(1'000);
  version_counter other(1'000);
  int slices = 0;
  while (!whole.done()) {
    const auto expected = whole.next(limits, one);
    sliced.begin(limits);
    do ++slices;
    while (!sliced.advance(16, other));
    const auto got = sliced.take();
    CHECK(got.batch.bytes == expected.batch.bytes);
    CHECK(got.complete_before == expected.complete_before);
    CHECK(got.emitted.size() == expected.emitted.size());
  }
  CHECK(sliced.done());
  CHECK(slices >= 200 * 8 / 16);  // setting the series up alone
}
