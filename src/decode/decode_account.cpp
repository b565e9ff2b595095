#include <array>
#include <charconv>

#include "decode/decode.hpp"
#include "decode/json_scanner.hpp"
#include "decode/kept_text.hpp"

namespace oes {
namespace {

constexpr std::size_t max_body = 1024UL * 1024;

error malformed(std::string what) {
  return error{.code = errc::malformed, .context = "malformed /me: " + std::move(what), .retry_after = {}};
}

template <class Number>
std::optional<Number> to_number(std::string_view text) {
  Number value{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{}) return std::nullopt;
  return value;
}

// The keys that lead to a value: `data`, `credits`, `remaining`.
class key_path {
 public:
  void open() { ++depth_; }
  void close() { --depth_; }
  void name(std::string_view key) {
    if (depth_ >= 1 && depth_ <= keys_.size()) keys_[depth_ - 1] = key;
  }
  // With or without the envelope: releases differ.
  [[nodiscard]] bool is(std::string_view parent, std::string_view key) const {
    const std::size_t levels = parent.empty() ? 1 : 2;
    const std::size_t skipped = depth_ == levels ? 0 : 1;
    if (depth_ != levels + skipped || (skipped == 1 && keys_[0] != "data")) return false;
    if (!parent.empty() && keys_[skipped] != parent) return false;
    return keys_[depth_ - 1] == key;
  }

 private:
  std::array<std::string, 3> keys_;
  std::size_t depth_ = 0;
};

// Seconds or milliseconds since 1970, by their size.
std::optional<utc_time> moment_of(std::string_view number) {
  constexpr std::int64_t seconds_until_2286 = 10'000'000'000;
  const auto since = to_number<std::int64_t>(number);
  if (!since || *since <= 0) return std::nullopt;
  if (*since < seconds_until_2286) return utc_time(std::chrono::seconds(*since));
  return utc_time(std::chrono::milliseconds(*since));
}

void read_value(const key_path& path, json_token token, std::string_view text, account& out) {
  if (token == json_token::text && path.is("", "plan") && may_be_kept(text)) out.plan = text;
  if (token == json_token::text && path.is("credits", "reset")) out.credits_reset = parse_utc(text);
  if (token == json_token::number && path.is("credits", "reset")) out.credits_reset = moment_of(text);
  // The server leaves a zero out (api.md §7): `credits` alone means none.
  if (token == json_token::begin_object && path.is("", "credits") && !out.credits_remaining) out.credits_remaining = 0;
  if (token != json_token::number) return;
  // A fraction would be cut; credits are whole.
  if (path.is("credits", "remaining")) out.credits_remaining = to_number<std::int64_t>(text);
  if (path.is("rate_limit", "limit")) out.requests_per_second = to_number<double>(text);
}

}  // namespace

result<account> decode_account(std::string_view body) {
  if (body.size() > max_body) return malformed("more than 1 MiB");
  std::string copy(body);
  json_scanner scanner(copy);
  key_path path;
  account out;
  bool is_object = false;
  for (;;) {
    const auto token = scanner.next();
    switch (token) {
      case json_token::end:
        if (!is_object) return malformed("it is not an object");
        return out;
      case json_token::fault:
        return malformed(std::string(scanner.what_failed()) + ", at byte " + std::to_string(scanner.position()));
      case json_token::begin_object:
      case json_token::begin_array:
        is_object = is_object || token == json_token::begin_object;
        read_value(path, token, {}, out);
        path.open();
        break;
      case json_token::end_object:
      case json_token::end_array:
        path.close();
        break;
      case json_token::key:
        path.name(scanner.text());
        break;
      case json_token::text:
      case json_token::number:
      case json_token::boolean:
      case json_token::null:
        read_value(path, token, scanner.text(), out);
        break;
    }
  }
}

}  // namespace oes
