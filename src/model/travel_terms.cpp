#include "model/travel_terms.hpp"

#include <algorithm>

namespace oes {
namespace {

constexpr std::chrono::seconds day{86400};
constexpr std::chrono::seconds one{1};

double times_a_day(std::chrono::seconds distance) {
  return static_cast<double>(day.count()) / static_cast<double>(distance.count());
}

std::chrono::seconds distance_of_polls(interval_size interval, std::chrono::seconds trigger) {
  return std::max({trigger, natural_distance(interval), one});
}

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

double more_windows_a_day(const std::vector<re_read>& re_reads, interval_size interval, std::chrono::seconds trigger,
                          std::chrono::seconds longest) {
  const auto cap = std::max(longest, natural_distance(interval));
  const auto windows = [cap](std::chrono::seconds span) { return static_cast<double>((span + cap - one) / cap); };
  const auto distance = distance_of_polls(interval, trigger);
  const double polls = times_a_day(distance);
  double more = polls * (windows(distance) - 1);
  for (const auto& again : re_reads) {
    // With each poll it comes round by itself, where polls have no room for it, after its own length of time.
    const double times = again.with_each_poll() ? times_a_day(std::max(again.back, one))
                         : again.every          ? times_a_day(std::max(*again.every, one))
                                                : static_cast<double>(again.at.size());
    more += std::min(times, polls) * (windows(distance + again.back) - windows(distance));
  }
  return more;
}

double windows_a_day(const travel_terms& terms, std::chrono::seconds longest) {
  const auto interval = terms.identity.interval;
  const auto cap = std::min(longest, terms.batch_size.value_or(longest));
  return times_a_day(distance_of_polls(interval, terms.trigger)) +
         more_windows_a_day(terms.re_reads, interval, terms.trigger, cap);
}

}  // namespace oes
