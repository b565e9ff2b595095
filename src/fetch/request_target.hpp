#pragma once
// A request of the API as path and query (api.md §1, §2). Pure.
#include <string>
#include <string_view>

#include "model/request.hpp"

namespace oes {

/// `/data/network/NEM`, `/market/network/WEM`, `/data/facilities/NEM`, `/facilities/`; below the base's prefix.
std::string request_path(const group_identity& id);
/// Everything after the `?`; empty where nothing is asked. Lists repeat their key: the server does not split commas.
/// Dates are naive network time. Filters and groupings that an endpoint does not know are left out.
std::string request_query(const fetch_request& request);
/// RFC 3986: all but unreserved characters (and the colon, which a query may hold) becomes %XX.
std::string percent_encoded(std::string_view text);

}  // namespace oes
