#include "config/wanted_requests.hpp"

#include <algorithm>
#include <utility>

#include "model/travel_terms.hpp"

namespace oes {
namespace {

// The API takes 30 codes in a request; how many facilities `all` is only the API knows: these are near.
int requests_for(const group_identity& id) {
  if (id.from != endpoint::facility) return 1;
  const auto& codes = id.filter.facility_codes;
  const bool all = std::find(codes.begin(), codes.end(), all_facilities) != codes.end();
  const std::size_t facilities = !all ? codes.size() : id.net == network::wem ? 90 : 450;
  return static_cast<int>((facilities + 29) / 30);
}

}  // namespace

int requests_of_a_poll(const stream_spec& stream) {
  int most = 1;
  for (const auto& part : parts_of(stream)) most = std::max(most, requests_for(terms_of(stream, part).identity));
  return most;
}

wanted_requests count_requests(const std::vector<stream_spec>& streams, const plan_limits& limits) {
  std::vector<travel_terms> groups;
  wanted_requests wanted;
  for (const auto& stream : streams) {
    for (const auto& part : parts_of(stream)) {
      auto terms = terms_of(stream, part);
      if (std::find(groups.begin(), groups.end(), terms) != groups.end()) continue;
      wanted.a_day += requests_for(terms.identity) * windows_a_day(terms, limits.max_window(terms.identity.interval));
      groups.push_back(std::move(terms));
    }
  }
  wanted.groups = groups.size();
  return wanted;
}

}  // namespace oes
