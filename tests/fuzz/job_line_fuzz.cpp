// A line of the control socket: what can be read is said again in the same words.
// Links: model operate
#include "fuzz/fuzz.hpp"
#include "operate/job.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace oes;
  using fuzz::require;
  const auto line = fuzz::text_of(data, size);
  if (const auto asked = job_from_line(line)) {
    const auto again = job_from_line(to_line(*asked));
    require(again.has_value() && to_line(*again) == to_line(*asked));
    require(to_line(*asked).find('\n') == std::string::npos);
  } else {
    require(!asked.error().context.empty());
  }
  if (const auto given = answer_from_line(line)) {
    const auto again = answer_from_line(to_line(*given));
    require(again.has_value() && to_line(*again) == to_line(*given));
  }
  return 0;
}
