#include <algorithm>
#include <limits>
#include <utility>

#include "decode/decode.hpp"
#include "decode/facility_reader.hpp"
#include "decode/json_scanner.hpp"

namespace oes {
namespace {

// The real list is about one MiB.
constexpr std::size_t largest_list = 32UL * 1024 * 1024;

}  // namespace

struct facility_decoder::machinery {
  explicit machinery(std::string whole) : body(std::move(whole)), scanner(body) {}
  std::string body;
  json_scanner scanner;
  facility_reader reader;
};

facility_decoder::facility_decoder(std::string body) : machinery_(std::make_unique<machinery>(std::move(body))) {}
facility_decoder::~facility_decoder() = default;

result<bool> facility_decoder::advance(std::size_t tokens) {
  auto& m = *machinery_;
  const auto malformed = [&](std::string_view wrong) {
    return error{errc::malformed, "malformed list of facilities: " + std::string(wrong) + ", at byte " +
                                      std::to_string(m.scanner.position()) + " of " + std::to_string(m.body.size())};
  };
  if (m.body.size() > largest_list) return malformed("it is larger than 32 MiB");
  while (tokens > 0) {
    const auto before = m.scanner.position();
    const auto token = m.scanner.next();
    const bool ended = token == json_token::end;
    const auto wrong = token == json_token::fault ? m.scanner.what_failed()
                       : ended                    ? m.reader.finish()
                                                  : m.reader.read(token, m.scanner.text());
    if (!wrong.empty()) return malformed(wrong);
    if (ended) return true;
    tokens -= std::min(tokens, 1 + (m.scanner.position() - before) / bytes_per_token);
  }
  return false;
}

facility_list facility_decoder::take() { return machinery_->reader.take(); }

result<facility_list> decode_facilities(std::string body) {
  facility_decoder one(std::move(body));
  const auto finished = one.advance(std::numeric_limits<std::size_t>::max());
  if (!finished) return finished.error();
  return one.take();
}

}  // namespace oes
