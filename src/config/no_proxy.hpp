#pragma once
// NO_PROXY, as Go and curl read it. Pure.
#include <cstdint>
#include <string>
#include <string_view>

namespace oes {

/// Whether a list like `localhost,.corp.example,10.0.0.0/8,api.example:443` names this host (in lower case, an IPv6
/// literal without brackets). `*` names all; a name stands for its subdomains too, with a dot before it for these
/// alone.
bool is_named_by_no_proxy(std::string_view list, const std::string& host, std::uint16_t port);

}  // namespace oes
