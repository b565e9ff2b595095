// Which fields of a record tell two rows of one answer apart (records.md §4): the 22 columns do not always.
#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "decode/decode.hpp"
#include "records/record_builder.hpp"
#include "records/schema.hpp"
#include "unit/decode/fixture.hpp"
#include "unit/records/flat_json.hpp"

using namespace oes;
using namespace oes::test;

namespace {

using rows = std::vector<std::vector<json_member>>;

rows published(const std::string& fixture) {
  const auto answer = decode(answered(fixture_body(fixture)), {network::nem, interval_size::m5, {}}).value();
  const auto first = parse_network_time("1998-01-01T00:00:00").value();
  const auto last = parse_network_time("2100-01-01T00:00:00").value();
  const ledger nothing(interval_size::m5);
  std::vector<record_plan> plans;
  for (std::size_t i = 0; i < answer.blocks.size(); ++i) {
    plans.push_back({select_changes(answer, i, nothing, {first, first, last, revision_policy::all, false}), {}});
  }
  record_builder builder(answer, std::move(plans));
  version_counter versions(0);
  rows out;
  while (!builder.done()) {
    const auto chunk = builder.next({.records = 1000, .bytes = 1'000'000}, versions);
    for (const auto& record : chunk.batch.records) out.push_back(flat(chunk.batch.value(record)));
  }
  return out;
}

/// What the 22 columns say of a row beside its numbers, and the fields named in `more`.
std::string said_of(const std::vector<json_member>& row, const std::vector<std::string_view>& more) {
  std::string said;
  const auto add = [&](std::string_view name) { said.append(name).append("=").append(text_of(row, name)).append("|"); };
  for (const auto& field : record_schema()) {
    if (field.in_replaced_schema && field.type != field_type::number) add(field.name);
  }
  for (const auto name : more) add(name);
  return said;
}

/// Rows of which there is another that says the same.
std::size_t alike(const rows& all, const std::vector<std::string_view>& more) {
  std::map<std::string, std::size_t> found;
  for (const auto& row : all) ++found[said_of(row, more)];
  std::size_t count = 0;
  for (const auto& [said, times] : found) count += times > 1 ? times : 0;
  return count;
}

std::string thousands(std::size_t number) {
  auto text = std::to_string(number);
  if (text.size() > 3) text.insert(text.size() - 3, ",");
  return text;
}

}  // namespace

TEST_CASE("two fueltechs of one group are alike in the 22 columns, and told apart by fueltech") {
  const auto all = published("data_region_fueltech");
  const auto without = alike(all, {});
  CHECK(without > 0);
  CHECK(alike(all, {"fueltech"}) == 0);

  std::ifstream file(std::string(OES_FIXTURES) + "/../../docs/records.md");
  const std::string handbook((std::istreambuf_iterator<char>(file)), {});
  const auto figure = thousands(without) + " of " + thousands(all.size()) + " rows";
  CHECK_MESSAGE(handbook.find(figure) != std::string::npos, figure);
}

TEST_CASE("renewable is not among the 22 columns either") {
  const auto all = published("data_renewable");
  CHECK(alike(all, {}) == all.size());
  CHECK(alike(all, {"renewable"}) == 0);
}

TEST_CASE("by group of fueltechs the 22 columns are enough") {
  const auto all = published("data_region_ftgroup");
  CHECK_FALSE(all.empty());
  CHECK(alike(all, {}) == 0);
}
