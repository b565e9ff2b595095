// For tests/kafka/test_avro_bytes.py: our encoder and decoder, for a reference implementation to be compared with.
//   avro_tool encode SEED COUNT      a line a record: kind, value as hex, the JSON of the same record
//   avro_tool decode SCHEMA < hex    a line a line: JSON, or `error: …`
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <sstream>

#include "avro/frame.hpp"
#include "avro/record_reader.hpp"
#include "model/metric.hpp"
#include "records/facility_records.hpp"
#include "records/unit_fields.hpp"
#include "records/widen.hpp"
#include "unit/records/sample_answer.hpp"

using namespace oes;
using namespace oes::test;

namespace {

std::string hex(std::string_view bytes) {
  std::string out;
  for (const char c : bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += digits[static_cast<unsigned char>(c) >> 4U];
    out += digits[static_cast<unsigned char>(c) & 15U];
  }
  return out;
}

std::string bytes_of(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    out += static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16));
  }
  return out;
}

class sampler {
 public:
  explicit sampler(unsigned seed) : random_(seed) {}

  void write_points() {
    auto options = by_region_and_fueltech();
    options.identity.net = pick<network>({network::nem, network::wem, network::au});
    options.identity.interval = pick<interval_size>({interval_size::m5, interval_size::d1, interval_size::season});
    options.states_provisional = chance(2);
    options.backfill = chance(2);
    std::vector<std::string> metrics;
    for (const auto& metric : known_metrics()) {
      if (chance(4)) metrics.emplace_back(metric.name);
    }
    if (chance(2)) metrics.emplace_back("demand_forecast");
    if (chance(3)) metrics.emplace_back("zeta");
    if (metrics.empty()) metrics.emplace_back("power");
    sample_answer sample;
    const auto labels = some_labels();
    for (const auto& metric : metrics) {
      sample.block(metric, text()).add(labels, {{"2026-11-01T00:00:00", number()}, {"2026-12-01T00:00:00", ""}});
    }
    time_series_answer answer;
    answer.body = std::make_unique<std::string>(*sample.get().body);
    answer.received_at = sample.get().received_at;
    answer.blocks = sample.get().blocks;
    if (chance(2)) {
      options.identity.shape = record_shape::wide;
      answer = widen(std::move(answer), metrics);
    }
    const auto json = build_all(answer, options, true);
    options.format = record_format::avro;
    write("point", build_all(answer, options, true), json);
  }

  void write_units() {
    facility_list list;
    list.received_at = parse_utc("2026-11-23T00:06:07.890Z").value();
    facility_unit unit;
    const auto fill = [&](const auto& fields) {
      for (const auto& field : fields) {
        if (chance(3)) continue;  // the API left it out
        unit.*field.value = field.number ? number() : text();
      }
    };
    fill(place_fields);
    fill(unit_fields);
    fill(moving_fields);
    if (unit.facility_code.empty()) unit.facility_code = text();
    if (unit.unit_code.empty()) unit.unit_code = text();
    list.units.push_back(unit);
    const auto changes = changes_of_units(list, {}, gone_units::left_as_they_are);
    version_counter versions(41);
    version_counter again(41);
    const auto json = build_unit_records(list, *changes, "t", versions);
    write("facility_unit", build_unit_records(list, *changes, "t", again, 0), json);
  }

 private:
  static void write(const std::string& kind, const record_batch& binary, const record_batch& json) {
    for (std::size_t i = 0; i < binary.records.size(); ++i) {
      std::cout << kind << '\t' << hex(binary.value(binary.records[i])) << '\t' << json.value(json.records[i]) << '\n';
    }
  }
  bool chance(unsigned of) { return random_() % of == 0; }
  template <class T>
  T pick(std::vector<T> from) {
    return from[random_() % from.size()];
  }
  std::string text() {
    return pick<std::string>({"wind", "Ä \"quoted\"\n", "x", std::string(200, 'y'), "\xF0\x9F\x94\x8B"});
  }
  std::string number() {
    return pick<std::string>({"0", "-0.0", "1.5", "12345678901234567890123456", "1e-7", "-99999.125", "5e-324",
                              std::to_string(random_()) + "." + std::to_string(random_())});
  }
  series_labels some_labels() {
    series_labels out;
    for (const auto* name : {"facility_code", "fueltech", "region", "status", "unit_code", "zone", "zz"}) {
      if (chance(2)) out.emplace_back(name, std::string(name) == "fueltech" ? "wind" : text());
    }
    if (chance(2)) out.insert(out.begin(), {"a", text()});
    return out;
  }

  std::mt19937 random_;
};

int encode(unsigned seed, int count) {
  sampler samples(seed);
  for (int i = 0; i < count; ++i) {
    samples.write_points();
    samples.write_units();
  }
  return 0;
}

int decode(const char* file) {
  std::ifstream in(file);
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  const auto schema = avro::read_schema(text);
  if (!schema) {
    std::cout << "error: " << schema.error().context << '\n';
    return 1;
  }
  const avro::record_reader reader(*schema);
  for (std::string line; std::getline(std::cin, line);) {
    const auto read = reader.json(bytes_of(line));
    std::cout << (read ? *read : "error: " + read.error().context) << '\n';
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::string(argv[1]) == "encode") {
    return encode(static_cast<unsigned>(std::atoi(argv[2])), std::atoi(argv[3]));
  }
  if (argc == 3 && std::string(argv[1]) == "decode") return decode(argv[2]);
  std::cerr << "avro_tool encode SEED COUNT | avro_tool decode SCHEMA\n";
  return 2;
}
