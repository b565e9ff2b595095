#include "operate/job.hpp"

#include <doctest/doctest.h>

using namespace oes;

TEST_CASE("a job and its answer survive their line") {
  job asked;
  asked.kind = job_kind::import_progress;
  asked.step = job_step::perform;
  asked.document = "{\n \"a\": \"\\u0007\"}\n";
  asked.replace = true;
  asked.from = "2026-01-01";
  asked.refresh = true;
  asked.deployment = "nem";
  asked.reason = "moved to \"b\" für immer";
  const auto line = to_line(asked);
  CHECK(line.find('\n') == std::string::npos);
  const auto back = job_from_line(line).value();
  CHECK(back.kind == asked.kind);
  CHECK(back.step == asked.step);
  CHECK(back.document == asked.document);
  CHECK(back.replace);
  CHECK(back.from == asked.from);
  CHECK(back.refresh);
  CHECK(back.deployment == "nem");
  CHECK_FALSE(back.republish);
  CHECK(back.reason == asked.reason);

  const job_answer given{78, "no", true, {"one", "two …"}, "{}"};
  const auto answer = answer_from_line(to_line(given)).value();
  CHECK(answer.exit == 78);
  CHECK(answer.text == "no");
  CHECK(answer.must_confirm);
  CHECK(answer.says == given.says);
  CHECK(answer.document == "{}");
}

TEST_CASE("nonsense, an unknown job and another protocol are malformed, and say so") {
  for (const auto* line :
       {"", "x", "[]", "{}", R"({"v":2,"job":"seek"})", R"({"v":1,"job":"burn"})", "{\"v\":1,\"job\":7}"}) {
    const auto back = job_from_line(line);
    REQUIRE(back.has_error());
    CHECK(back.error().code == errc::malformed);
  }
  CHECK(answer_from_line(R"({"v":1})").has_error());
}

TEST_CASE("only what changes progress needs the groups out of the way") {
  CHECK(manner_of(job_kind::show, job_step::perform) == job_manner::reading);
  CHECK(manner_of(job_kind::seek, job_step::plan) == job_manner::reading);
  CHECK(manner_of(job_kind::seek, job_step::perform) == job_manner::exclusive);
}
