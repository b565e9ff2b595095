#pragma once
// Which names in a request's Host field are the daemon's own (RFC 9110 §7.2); pure.
#include <string>
#include <string_view>
#include <vector>

namespace oes {

class own_hosts {
 public:
  /// `allowed`: from the configuration; `*` lets any pass. `machine`: this host's name.
  own_hosts(std::vector<std::string> allowed, std::string machine);

  /// IP addresses, localhost, this machine's name with or without its domain, and the allowed ones; with any port. A
  /// request without Host comes from no browser: it passes.
  [[nodiscard]] bool is_ours(std::string_view host_field) const;

 private:
  std::vector<std::string> names_;
  bool any_ = false;
};

/// gethostname().
std::string machine_name();

}  // namespace oes
