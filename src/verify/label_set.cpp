#include "verify/label_set.hpp"

namespace oes {
namespace {

struct place {
  std::int64_t block;
  std::size_t bit;
};

place place_of(network_time label, std::int64_t labels_in_block) {
  const auto grid = std::chrono::floor<std::chrono::minutes>(label.time_since_epoch()).count() / 5;
  const auto block = grid >= 0 ? grid / labels_in_block : (grid + 1) / labels_in_block - 1;
  return {block, static_cast<std::size_t>(grid - block * labels_in_block)};
}

}  // namespace

void label_set::add(network_time label) {
  const auto at = place_of(label, labels_in_block);
  auto bit = blocks_[at.block][at.bit];
  if (!bit) ++size_;
  bit = true;
}

bool label_set::contains(network_time label) const {
  const auto at = place_of(label, labels_in_block);
  const auto block = blocks_.find(at.block);
  return block != blocks_.end() && block->second[at.bit];
}

}  // namespace oes
