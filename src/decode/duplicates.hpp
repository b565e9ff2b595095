#pragma once
// What an answer says twice, or out of order, put right: equal values collapse, of differing ones the last is kept.
#include <cstddef>
#include <string_view>
#include <vector>

#include "model/answer.hpp"

namespace oes {

/// Strictly ascending afterwards. Returns how many labels came again with another value.
std::size_t drop_duplicates(std::vector<point>& points, std::string_view body);
/// One block's series sorted by labels, those with the same labels made one; in slices. Borrows both.
class duplicate_dropper {
 public:
  duplicate_dropper(std::vector<series>& all, std::string_view body);

  /// Handles about `points` points, and takes from `points` what that was. true: finished, `all` is that.
  bool advance(std::size_t& points);
  /// How many labels came again with another value.
  [[nodiscard]] std::size_t conflicts() const { return conflicts_; }
  /// Finished, but a series came in so many parts that together they have more labels than one may.
  [[nodiscard]] bool too_long() const { return too_long_; }

 private:
  std::size_t take_next();

  std::vector<series>& all_;
  std::string_view body_;
  std::vector<series> kept_;
  std::size_t at_ = 0;
  std::size_t conflicts_ = 0;
  bool too_long_ = false;
};

}  // namespace oes
