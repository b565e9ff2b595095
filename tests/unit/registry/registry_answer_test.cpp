#include "registry/registry_answer.hpp"

#include <doctest/doctest.h>

#include "registry/base64.hpp"
#include "registry/registry_client.hpp"
#include "registry/schema_memory.hpp"

using namespace oes;

namespace {

const redactor nothing;

}  // namespace

TEST_CASE("an id, a subject that is not there, and all else that a registry may answer") {
  CHECK(id_in(200, R"({"id":7,"subject":"t-value","version":1,"schema":"{}"})", nothing).value() == 7);
  CHECK_FALSE(id_in(404, R"({"error_code":40401,"message":"Subject not found."})", nothing).value().has_value());
  CHECK_FALSE(id_in(404, R"({"error_code":40403,"message":"Schema not found"})", nothing).value().has_value());
  const auto refused = id_in(409, R"({"error_code":409,"message":"Incompatible\nartifact"})", nothing);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == errc::rejected);
  CHECK(refused.error().context == "it answers 409: Incompatible artifact");
  CHECK(id_in(422, R"({"error_code":42201,"message":"Invalid schema"})", nothing).error().code == errc::rejected);
  // Nobody home: not there, and not to be registered either.
  for (const auto& [status, body] : {std::pair(404, "<html>nothing here</html>"),
                                     {404, R"({"error_code":404})"},
                                     {500, "oops"},
                                     {401, "{}"},
                                     {503, ""},
                                     {200, "<html>"},
                                     {200, "{}"},
                                     {200, R"({"id":"7"})"},
                                     {200, R"({"id":-1})"},
                                     {200, "[1]"}}) {
    CAPTURE(status);
    CAPTURE(body);
    const auto read = id_in(status, body, nothing);
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code != errc::rejected);
  }
  CHECK(id_in(401, "{}", nothing).error().context.find("schema_registry.username") != std::string::npos);
  CHECK(id_in(404, "", nothing).error().context.find("schema_registry.url") != std::string::npos);
}

TEST_CASE("a schema by its id") {
  CHECK(schema_in(200, R"({"schema":"{\"type\":\"string\"}"})", nothing).value() == R"({"type":"string"})");
  CHECK_FALSE(schema_in(404, R"({"error_code":40403,"message":"no"})", nothing).value().has_value());
  CHECK_FALSE(schema_in(200, "{}", nothing).has_value());
  CHECK(schema_document("a\"b") == R"({"schema":"a\"b"})");
}

TEST_CASE("a login as RFC 4648 and RFC 7617 spell it") {
  CHECK(base64("Aladdin:open sesame") == "QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  CHECK(base64("") == "");
  CHECK(base64("f") == "Zg==");
  CHECK(base64("foobar") == "Zm9vYmFy");
}

TEST_CASE("a registry that cannot be used says why, and nothing throws") {
  registry_settings settings;
  settings.url = "https://registry.example";
  settings.ca_file = "/nonexistent/ca.pem";
  CHECK_FALSE(fault_of_registry(settings).empty());
  const registry_client client(settings);
  settings.ca_file.clear();
  CHECK(fault_of_registry(settings).empty());
  settings.url = "https://registry.example:notaport";
  CHECK_FALSE(fault_of_registry(settings).empty());
  const registry_client other(settings);
  settings.url = "http://user.example:8081/apis/ccompat/v7";
  CHECK(shown_address(settings) == "http://user.example:8081/apis/ccompat/v7");
}

TEST_CASE("what is remembered of schemas comes back as it was; what is none is told") {
  const schema_memory memory{{"a.topic", {1, std::string(64, 'a'), "http://r"}}, {"b", {2147483647, "b", ""}}};
  CHECK(parse_schema_memory(schema_memory_text(memory)).value() == memory);
  CHECK(parse_schema_memory(schema_memory_text({})).value().empty());
  for (const auto* text : {"", "[]", "{", R"({"t":1})", R"({"t":{"id":"1","sha256":"x"}})", R"({"t":{"id":1}})"}) {
    CAPTURE(text);
    CHECK(parse_schema_memory(text).error().code == errc::damaged);
  }
}

TEST_CASE("a password that a registry repeats is not told") {
  const redactor hide({"pass\"word of it"}, redactor::finds::whole);
  // "grid:pass\"word of it" in base64.
  const auto told =
      id_in(401, R"({"error_code":401,"message":"no: pass\"word of it, Basic Z3JpZDpwYXNzIndvcmQgb2YgaXQ="})", hide);
  CHECK(told.error().context.find("word of") == std::string::npos);
  CHECK(told.error().context.find("Z3JpZDpwYXNzIndvcmQgb2YgaXQ") == std::string::npos);
  CHECK(told.error().context.find("no: ***") != std::string::npos);
}
