#include <array>
#include <cctype>
#include <charconv>
#include <cmath>

#include "decode/decode.hpp"
#include "decode/json_scanner.hpp"
#include "decode/kept_text.hpp"
#include "model/plan_limits.hpp"

namespace oes {
namespace {

constexpr std::size_t largest_account = 64UL * 1024;

error malformed(std::string what) {
  return error{.code = errc::malformed, .context = "malformed /me: " + std::move(what), .retry_after = {}};
}

// As people write numbers and servers do: `480`, `"480"`, `480.0`, `4.8e2`. nullopt: none, or none that can be meant.
std::optional<double> to_number(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  double value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

// Credits are whole and not negative; no plan has a million of millions.
std::optional<std::int64_t> to_count(std::string_view text) {
  constexpr double most = 1e12;
  const auto value = to_number(text);
  if (!value || *value < 0 || *value > most) return std::nullopt;
  return static_cast<std::int64_t>(*value);
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

// Seconds or milliseconds since 1970, by their size; or as people write it.
std::optional<utc_time> moment_of(std::string_view text) {
  constexpr double seconds_until_2286 = 1e10;
  if (const auto written = parse_utc(text)) return written;
  const auto since = to_number(text);
  if (!since || *since <= 0 || *since >= seconds_until_2286 * 1000) return std::nullopt;
  const double ms = *since < seconds_until_2286 ? *since * 1000 : *since;
  return utc_time(std::chrono::milliseconds(static_cast<std::int64_t>(ms)));
}

template <class T>
void take(std::optional<T>& into, std::optional<T> read, std::string_view name, std::string_view text, account& out) {
  into = read;
  if (read) return;
  if (!out.doubtful.empty()) out.doubtful += ", ";
  constexpr std::size_t longest = 40;
  out.doubtful.append(name).append(" = ");
  if (may_be_kept(text)) out.doubtful.append(text.substr(0, longest));
}

void read_value(const key_path& path, json_token token, std::string_view text, account& out) {
  if (token == json_token::text && path.is("", "plan") && may_be_kept(text)) {
    out.plan = text;
    for (char& c : out.plan) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  // The server leaves a zero out (api.md §7): `credits` alone means none.
  if (token == json_token::begin_object && path.is("", "credits") && !out.credits_remaining) out.credits_remaining = 0;
  if (token == json_token::null && path.is("credits", "remaining")) out.credits_remaining.reset();
  if (token != json_token::number && token != json_token::text) return;
  if (path.is("credits", "reset")) take(out.credits_reset, moment_of(text), "credits.reset", text, out);
  if (path.is("credits", "remaining")) take(out.credits_remaining, to_count(text), "credits.remaining", text, out);
  if (path.is("rate_limit", "limit")) take(out.requests_per_second, to_number(text), "rate_limit.limit", text, out);
}

// A plan without a limit has no remainder either, and the server leaves both out.
account without_false_end(account told) {
  const bool is_limited = limits_of(told.plan).credits_per_day.has_value();
  if (!is_limited && told.credits_remaining == 0) told.credits_remaining.reset();
  return told;
}

}  // namespace

result<account> decode_account(std::string_view body) {
  if (body.size() > largest_account) return malformed("more than 64 KiB");
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
        return without_false_end(std::move(out));
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
