#include "model/travel_terms.hpp"

#include <algorithm>

namespace oes {
namespace {

constexpr std::chrono::seconds day{86400};

std::vector<re_read> re_reads_of(const stream_spec& stream) {
  return stream.re_reads.empty() ? usual_re_reads(stream.net, stream.interval) : stream.re_reads;
}

}  // namespace

travel_terms terms_of(const stream_spec& stream, const stream_part& part) {
  travel_terms terms{identity_for(stream, part.from),
                     stream.trigger,
                     stream.edge,
                     stream.batch_size,
                     stream.publish_after,
                     re_reads_of(stream),
                     {}};
  if (terms.identity.shape != record_shape::long_form) terms.columns = part.metrics;
  return terms;
}

std::chrono::seconds natural_distance(interval_size interval) {
  const network_time monday(std::chrono::days(4));  // any bucket will do: months differ by little
  const auto first = bucket_floor(monday, interval);
  return std::max<std::chrono::seconds>(bucket_add(first, interval, 1) - first, std::chrono::minutes(5));
}

double polls_a_day(const travel_terms& terms) {
  const auto distance = std::max({terms.trigger, natural_distance(terms.identity.interval), std::chrono::seconds(1)});
  return static_cast<double>(day.count()) / static_cast<double>(distance.count());
}

}  // namespace oes
