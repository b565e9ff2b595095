// An answer of a schema registry, its status in the first line, and the file that remembers what was answered: an id or
// a schema, or one line that holds no secret; what is remembered is written again, and read again. Links: model records
// files registry
#include "registry/registry_answer.hpp"

#include <charconv>

#include "fuzz/fuzz.hpp"
#include "registry/schema_memory.hpp"

namespace {

constexpr std::string_view secret = "s3cr3t-of-the-registry";

template <typename Answer>
void look_at(const oes::result<Answer>& read) {
  using oes::fuzz::require;
  if (read) return;
  const auto& told = read.error().context;
  require(!told.empty() && told.find('\n') == std::string::npos && told.find(secret) == std::string::npos);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace oes;
  const auto [first, body] = fuzz::split_line(fuzz::text_of(data, size));
  int status = 0;
  std::from_chars(first.data(), first.data() + first.size(), status);
  const redactor hide({std::string(secret)});
  look_at(id_in(status, body, hide));
  look_at(schema_in(status, body, hide));
  const auto memory = parse_schema_memory(body);
  if (!memory) return 0;
  const auto again = parse_schema_memory(schema_memory_text(*memory));
  fuzz::require(again.has_value() && *again == *memory);
  return 0;
}
