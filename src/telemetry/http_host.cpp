#include "telemetry/http_host.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <utility>

namespace oes {
namespace {

std::string canonical(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  std::string out(name);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

bool is_address(std::string_view text) {
  boost::system::error_code failed;
  boost::asio::ip::make_address(text, failed);
  return !failed;
}

// `host[:port]` without its port; empty: not of that form.
std::string_view without_port(std::string_view field) {
  std::string_view host = field;
  std::string_view port;
  if (field.starts_with('[')) {
    const auto end = field.find(']');
    if (end == std::string_view::npos) return {};
    host = field.substr(1, end - 1);
    port = field.substr(end + 1);
    if (!is_address(host)) return {};
  } else {
    const auto colon = field.find(':');
    host = field.substr(0, colon);
    if (colon != std::string_view::npos) port = field.substr(colon);
  }
  const bool good = port.empty() || (port.front() == ':' && port.find_first_not_of("0123456789", 1) == port.npos);
  return good ? host : std::string_view();
}

}  // namespace

own_hosts::own_hosts(std::vector<std::string> allowed, std::string machine) {
  for (const auto& name : allowed) {
    any_ = any_ || name == "*";
    names_.push_back(canonical(name));
  }
  names_.emplace_back("localhost");
  machine = canonical(machine);
  if (machine.empty()) return;
  names_.push_back(machine.substr(0, machine.find('.')));
  names_.push_back(std::move(machine));
}

bool own_hosts::is_ours(std::string_view host_field) const {
  if (any_ || host_field.empty()) return true;
  const auto host = without_port(host_field);
  if (host.empty()) return false;
  if (is_address(host)) return true;
  return std::find(names_.begin(), names_.end(), canonical(host)) != names_.end();
}

std::string machine_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return {};
  return name.data();
}

}  // namespace oes
