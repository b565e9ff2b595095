#pragma once
// Internal to verify/: a set of labels in little memory: one bit a label on the grid of five minutes.
#include <bitset>
#include <map>

#include "model/range_set.hpp"

namespace oes {

class label_set {
 public:
  void add(network_time label);
  [[nodiscard]] bool contains(network_time label) const;
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  static constexpr std::int64_t labels_in_block = 288;
  std::map<std::int64_t, std::bitset<labels_in_block>> blocks_;
  std::size_t size_ = 0;
};

}  // namespace oes
