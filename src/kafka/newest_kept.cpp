#include "kafka/newest_kept.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace oes {
namespace {

bool is_older(const kept_record& a, const kept_record& b) {
  return std::tie(a.age, a.topic, a.partition, a.offset) < std::tie(b.age, b.topic, b.partition, b.offset);
}

bool is_newer(const kept_record& a, const kept_record& b) { return is_older(b, a); }

}  // namespace

void newest_kept::add(kept_record one) {
  if (is_full()) {
    if (records_.empty() || !is_newer(one, records_.front())) return;
    std::pop_heap(records_.begin(), records_.end(), is_newer);
    records_.pop_back();
  }
  records_.push_back(std::move(one));
  std::push_heap(records_.begin(), records_.end(), is_newer);
}

std::vector<kept_record> newest_kept::take() {
  std::sort(records_.begin(), records_.end(), is_older);
  return std::exchange(records_, {});
}

}  // namespace oes
