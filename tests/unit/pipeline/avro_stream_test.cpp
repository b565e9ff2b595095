// A stream of Avro in the corridor: its ids, its ledger, and its topic that may not be written.
#include <doctest/doctest.h>

#include "avro/frame.hpp"
#include "pipeline/apart_members.hpp"
#include "unit/pipeline/poll_fixture.hpp"

using namespace oes;
using namespace oes::test;

namespace {

stream_spec avro_stream() {
  auto stream = nem_stream();
  stream.format = record_format::avro;
  return stream;
}

std::vector<std::int32_t> ids_in(const fake_kafka& kafka) {
  std::vector<std::int32_t> out;
  for (const auto& [key, value] : kafka.records) {
    const auto frame = avro::split_frame(value);
    out.push_back(frame ? frame->schema_id : -1);
  }
  return out;
}

}  // namespace

TEST_CASE("records of Avro carry the id that the registry has for their topic at the time") {
  poll_fixture f;
  std::int32_t id = 7;
  f.schemas.id_of = [&id](const std::string& topic) {
    CHECK(topic == "openelectricity.network.5m.v1");
    return id;
  };
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}}));
  f.cycles({avro_stream()}, 1);
  CHECK(ids_in(f.kafka) == std::vector<std::int32_t>{7, 7});
  id = 8;
  f.from.answer(answer_body("power", {{"10:10", "3"}}));
  f.cycles({avro_stream()}, 1);
  CHECK(ids_in(f.kafka) == std::vector<std::int32_t>{7, 7, 8});
}

TEST_CASE("digits that no double has are no change of a stream of Avro, and one of JSON") {
  for (const auto& [format, records] : {std::pair(record_format::avro, 2), {record_format::json, 3}}) {
    poll_fixture f;
    auto stream = nem_stream();
    stream.format = format;
    f.from.answer(answer_body("power", {{"10:00", "12345678901234567890123456"}, {"10:05", "2"}}));
    f.cycles({stream}, 1);
    REQUIRE(f.kafka.records.size() == 2);
    f.from.answer(answer_body("power", {{"10:00", "12345678901234567890123457"}, {"10:05", "2"}, {"10:10", "null"}}));
    f.cycles({stream}, 1);
    CHECK(f.kafka.records.size() == static_cast<std::size_t>(records));
  }
}

TEST_CASE("another format under the same name is refused, as another network would be") {
  poll_fixture f;
  f.from.answer(answer_body("power", {{"10:00", "1"}}));
  f.cycles({nem_stream()}, 1);
  const auto outcomes = f.cycles({avro_stream()}, 1);
  CHECK(outcomes.at(0).why.code == errc::refused);
  CHECK(outcomes.at(0).why.context.find("is now network|NEM|5m|total||long|avro") != std::string::npos);
}

TEST_CASE("a topic that may not be written gets nothing, its stream is set apart, and nothing is lost once it may") {
  poll_fixture f;
  f.board.role = "leading";
  std::optional<error> why = error{errc::unreachable, "schema registry r: away"};
  f.schemas.why_not = [&why](const std::string&) { return why; };
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}}));
  f.cycles({avro_stream()}, 2);
  CHECK(f.kafka.records.empty());
  const auto& shown = f.board.members.at({"nem", "power"});
  CHECK(shown.state == stream_state::set_apart);
  CHECK(shown.last_error == "schema registry r: away");
  CHECK(f.from.asked().size() == 1);  // no credit is spent while it is apart
  why.reset();
  f.from.answer(answer_body("power", {{"10:00", "1"}, {"10:05", "2"}}));
  f.cycles({avro_stream()}, 1);
  CHECK(f.kafka.records.size() == 2);
}

TEST_CASE("the list of facilities waits too, and says why") {
  poll_fixture f;
  f.list_settings.enabled = true;
  f.list_settings.format = record_format::avro;
  bool may = false;
  f.schemas.admit = [&may](std::string topic) -> boost::asio::awaitable<result<void>> {
    if (!may) co_return error{errc::refused, topic + ": no"};
    co_return result<void>();
  };
  f.schemas.id_of = [](const std::string&) { return 9; };
  facility_list list;
  facility_unit unit;
  unit.facility_code = "A";
  unit.unit_code = "A1";
  unit.capacity_registered = "660.100000000000000000001";
  list.units.push_back(unit);
  f.from.list = list;
  const auto refused = f.keep_list();
  CHECK(refused.error().context.find(": no") != std::string::npos);
  CHECK(f.kafka.records.empty());
  may = true;
  f.from.list = list;
  CHECK(f.keep_list().has_value());
  CHECK(ids_in(f.kafka) == std::vector<std::int32_t>{9});
}
