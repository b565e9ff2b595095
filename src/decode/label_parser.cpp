#include "decode/label_parser.hpp"

#include <cstring>

namespace oes {
namespace {

bool plausible(network_time t) {
  using std::chrono::local_days;
  using std::chrono::year;
  return t >= network_time(local_days(year(1900) / 1 / 1)) && t < network_time(local_days(year(3000) / 1 / 1));
}

// Two digits, or a number over 99.
unsigned two_digits(const char* text) {
  const auto high = static_cast<unsigned>(static_cast<unsigned char>(text[0])) - '0';
  const auto low = static_cast<unsigned>(static_cast<unsigned char>(text[1])) - '0';
  return high > 9 || low > 9 ? 100 : high * 10 + low;
}

}  // namespace

label_parser::label_parser(network net) : offset_(utc_offset(net)) {
  // The last six characters of a whole label are its offset.
  const auto label = format(network_time{}, offset_);
  offset_text_ = label.substr(label.size() - 6);
}

bool label_parser::learn_date(const char* text) {
  std::string midnight(text, date_size);
  if (midnight.back() != 'T') return false;
  midnight += "00:00:00";
  const auto day = parse_network_time(midnight);
  if (!day || !plausible(*day)) return false;
  std::memcpy(date_.data(), text, date_size);
  day_ = *day;
  return true;
}

bool label_parser::parse_plain(const char* text, network_time& out) {
  if (std::memcmp(text, date_.data(), date_size) != 0 && !learn_date(text)) return false;
  const auto hour = two_digits(text + 11);
  const auto minute = two_digits(text + 14);
  const auto second = two_digits(text + 17);
  if (hour > 23 || minute > 59 || second > 59 || text[13] != ':' || text[16] != ':') return false;
  if (std::memcmp(text + 19, offset_text_.data(), 6) != 0) return false;
  out = day_ + std::chrono::seconds(hour * 3600 + minute * 60 + second);
  return true;
}

std::optional<network_time> label_parser::parse(std::string_view text) const {
  const auto stated = parse_offset_time(text);
  if (!stated) return std::nullopt;
  const auto local = stated->local + (offset_ - stated->offset);
  if (!plausible(local)) return std::nullopt;
  return local;
}

}  // namespace oes
