#include "groups/work_watch.hpp"

#include "model/metric.hpp"

namespace oes {

std::string coroutine_of(const request_group& group) {
  return stream_names(group) + " " + std::string(dataset(group.identity.from));
}

work_in_hand work_of(const request_group& group, const time_range& window, work_place place) {
  return {{stream_names(group), std::string(dataset(group.identity.from)), place}, window};
}

work_in_hand work_of(const request_group& group, const time_window& window, network_time end, work_place place) {
  return work_of(group, time_range{window.start, window.end.value_or(end)}, place);
}

work_in_hand work_of_facilities() { return {{std::string(list_coroutine), "facilities", work_place::live}, {}}; }

}  // namespace oes
