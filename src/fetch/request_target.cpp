#include "fetch/request_target.hpp"

namespace oes {
namespace {

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~' || c == ':';
}

class query {
 public:
  void add(std::string_view key, std::string_view value) {
    if (value.empty()) return;
    if (!text_.empty()) text_ += '&';
    text_.append(key).append("=").append(percent_encoded(value));
  }
  void add(std::string_view key, const std::vector<std::string>& values) {
    for (const auto& value : values) add(key, std::string_view(value));
  }
  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void add_series(query& out, const fetch_request& request) {
  out.add("metrics", request.metrics);
  out.add("interval", code(request.identity.interval));
}

// `network` is the server's default.
void add_primary(query& out, const group_identity& id) {
  if (id.primary == primary_grouping::network_region) out.add("primary_grouping", code(id.primary));
  out.add("network_region", id.filter.network_region);
}

void add_secondary(query& out, const group_identity& id) {
  out.add("secondary_grouping", code(id.secondary));
  out.add("fueltech", id.filter.fueltechs);
  out.add("fueltech_group", id.filter.fueltech_groups);
}

void add_window(query& out, const fetch_request& request) {
  const auto& window = request.window;
  const auto data = data_of(window.start, window.end.value_or(window.start), request.identity.interval);
  out.add("date_start", format(window.end ? data.start : window.start));
  if (window.end) out.add("date_end", format(data.end));
}

}  // namespace

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_plain(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4U];
    out += digits[byte & 0x0fU];
  }
  return out;
}

std::string request_path(const group_identity& id) {
  switch (id.from) {
    case endpoint::data:
      return "/data/network/" + std::string(code(id.net));
    case endpoint::market:
      return "/market/network/" + std::string(code(id.net));
    case endpoint::facility:
      return "/data/facilities/" + std::string(code(id.net));
    case endpoint::facilities:
      return "/facilities/";  // without the slash: a redirect, which is not followed
  }
  return "";
}

std::string request_query(const fetch_request& request) {
  const auto& id = request.identity;
  query out;
  switch (id.from) {
    case endpoint::data:
      add_series(out, request);
      add_primary(out, id);
      add_secondary(out, id);
      add_window(out, request);
      break;
    case endpoint::market:
      add_series(out, request);
      add_primary(out, id);
      add_window(out, request);
      break;
    case endpoint::facility:
      add_series(out, request);
      out.add("facility_code", id.filter.facility_codes);
      add_window(out, request);
      break;
    case endpoint::facilities:
      out.add("facility_code", id.filter.facility_codes);
      break;
  }
  return out.take();
}

}  // namespace oes
