#include "operate/export_document.hpp"

#include <doctest/doctest.h>

#include "unit/progress/samples.hpp"

using namespace oes;

namespace {

stored_progress stored() {
  stored_progress all{samples::snapshot(), {}};
  auto& image = all.ledger[{"nem", "power"}];
  image.dictionary[0] = {{"region", "NSW1"}};
  image.dictionary[1] = {{"region", "odd|%\n"}};
  image.rows[samples::local("2026-11-23T10:00:00")] = {{0xFFEEDDCCBBAA9988U, 0, 0}, {7, 1, 65535}};
  return all;
}

const utc_time exported_at = *parse_utc("2026-11-23T02:00:00Z");

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

}  // namespace

TEST_CASE("what was exported is read back whole") {
  const auto back = read_export(write_export(stored(), exported_at));
  REQUIRE_MESSAGE(back.has_value(), back.error().context);
  CHECK(back->snapshot.state == samples::state());
  CHECK(back->snapshot.place.cluster_id == "cluster-1");
  CHECK(back->ledger == stored().ledger);
}

TEST_CASE("an export that was edited, cut or is something else is damaged") {
  const auto text = write_export(stored(), exported_at);
  for (const auto& wrong : {replaced(text, "10:05:00", "10:10:00"), text.substr(0, text.size() / 2), std::string("{}"),
                            std::string(), std::string("[1]")}) {
    const auto back = read_export(wrong);
    REQUIRE(back.has_error());
    CHECK(back.error().code == errc::damaged);
  }
}

TEST_CASE("an export of a newer release is refused by its format version") {
  const auto back = read_export(replaced(write_export(stored(), exported_at), R"("format": 2)", R"("format": 3)"));
  REQUIRE(back.has_error());
  CHECK(back.error().code == errc::refused);
  CHECK(back.error().context.find("newer release") != std::string::npos);
}
