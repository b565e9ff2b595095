#include "records/interval_bounds.hpp"

namespace oes {
namespace {

constexpr std::chrono::minutes native_step{5};
// The WEM's five-minute market began then.
constexpr network_time wem_reform{std::chrono::local_days(std::chrono::year(2023) / 10 / 1)};

}  // namespace

std::optional<interval_bounds> bounds_of(network_time label, network net, interval_size size) {
  if (net == network::au || size == interval_size::season || size == interval_size::fy) return std::nullopt;
  if (net == network::wem && size == interval_size::m5 && label < wem_reform) return std::nullopt;
  const auto next = bucket_add(label, size, 1);
  // A NEM bucket gathers labels that each name the end of five minutes.
  const auto earlier = net == network::nem ? native_step : std::chrono::minutes(0);
  return interval_bounds{to_utc(label - earlier, net), to_utc(next - earlier, net)};
}

}  // namespace oes
