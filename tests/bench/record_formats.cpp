// Records of one answer in both formats and both shapes: bytes a record, and what building and reading one takes. One
// run, turn by turn, so that a busy machine slows all of them; ratios are what counts.
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string>
#include <vector>

#include "avro/frame.hpp"
#include "avro/record_reader.hpp"
#include "records/avro_schema.hpp"
#include "records/widen.hpp"
#include "unit/records/sample_answer.hpp"

using namespace oes;
using namespace oes::test;

namespace {

constexpr int rounds = 15;
const std::vector<std::string> metrics{"power", "energy", "emissions", "market_value"};

// A day of NEM by region and fueltech.
sample_answer answer_of_a_day() {
  sample_answer sample;
  for (const auto& metric : metrics) {
    sample.block(metric, "MW");
    for (const auto* region : {"NSW1", "QLD1", "SA1", "TAS1", "VIC1"}) {
      for (const auto* fueltech : {"battery_charging", "coal_black", "gas_ccgt", "hydro", "solar_rooftop",
                                   "solar_utility", "wind", "distillate", "pumps", "bioenergy_biomass"}) {
        sample_points points;
        auto label = at("2026-11-22T00:00:00");
        for (int i = 0; i < 288; ++i, label += std::chrono::minutes(5)) {
          points.emplace_back(format(label), std::to_string(1000 + i) + "." + std::to_string(1000 + (i * 7919) % 9000));
        }
        sample.add({{"fueltech", fueltech}, {"region", region}}, points);
      }
    }
  }
  return sample;
}

struct contest {
  std::string name;
  const time_series_answer* answer = nullptr;
  record_options options;
  double build_ns = 1e18;
  double read_ns = 1e18;
  std::size_t bytes = 0;
  std::size_t records = 0;
  record_batch batch = {};
};

// Of this thread alone: others may be at work.
double cpu_ns() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e9 * static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec);
}

void run(contest& one) {
  auto plans = plans_for(*one.answer, one.options);
  const auto begin = cpu_ns();
  record_builder builder(*one.answer, std::move(plans));
  version_counter versions(1'795'440'225'965'079);
  one.records = one.bytes = 0;
  while (!builder.done()) {  // in the chunks, and with the buffers, of a daemon
    auto chunk = builder.next({}, versions, std::move(one.batch));
    one.records += chunk.batch.records.size();
    one.bytes += chunk.batch.bytes.size();
    one.batch = std::move(chunk.batch);
  }
  one.build_ns = std::min(one.build_ns, (cpu_ns() - begin) / static_cast<double>(one.records));
  if (one.options.format != record_format::avro) return;
  const avro::record_reader reader(*avro::read_schema(avro_schema(record_kind::point)));
  const auto reading = cpu_ns();
  std::size_t read = 0;
  const auto& batch = one.batch;
  for (const auto& record : batch.records) read += reader.json(avro::split_frame(batch.value(record))->body)->size();
  one.read_ns = std::min(one.read_ns, (cpu_ns() - reading) / static_cast<double>(batch.records.size()));
  if (read == 0) std::puts("nothing was read");
}

}  // namespace

int main() {
  const auto sample = answer_of_a_day();
  time_series_answer copy;
  copy.body = std::make_unique<std::string>(*sample.get().body);
  copy.received_at = sample.get().received_at;
  copy.blocks = sample.get().blocks;
  const auto wide_answer = widen(std::move(copy), metrics);
  auto options = by_region_and_fueltech();
  std::vector<contest> all;
  for (const auto shape : {record_shape::long_form, record_shape::wide}) {
    options.identity.shape = shape;
    const bool wide = shape == record_shape::wide;
    for (const auto format : {record_format::json, record_format::avro}) {
      options.format = format;
      contest one;
      one.name = std::string(format == record_format::avro ? "avro" : "json") + (wide ? " wide" : " long");
      one.answer = wide ? &wide_answer : &sample.get();
      one.options = options;
      all.push_back(one);
    }
  }
  for (int round = 0; round < rounds; ++round) {
    for (auto& one : all) run(one);
  }
  std::printf("%-10s %9s %14s %14s %12s\n", "", "records", "bytes a record", "ns to build", "ns to read");
  for (const auto& one : all) {
    std::printf("%-10s %9zu %14.1f %14.1f %12.0f\n", one.name.c_str(), one.records,
                static_cast<double>(one.bytes) / static_cast<double>(one.records), one.build_ns,
                one.read_ns < 1e18 ? one.read_ns : 0);
  }
  for (std::size_t i = 0; i + 1 < all.size(); i += 2) {
    std::printf("%s / %s: %.2f of the bytes, %.2f of the time\n", all[i + 1].name.c_str(), all[i].name.c_str(),
                static_cast<double>(all[i + 1].bytes) / static_cast<double>(all[i].bytes),
                all[i + 1].build_ns / all[i].build_ns);
  }
  return 0;
}
