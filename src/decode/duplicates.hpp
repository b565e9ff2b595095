#pragma once
// What an answer says twice, or out of order, put right: equal values collapse, of differing ones the least number is
// kept. The choice must not hang on their order, which changes from answer to answer: each change would be a revision.
// (Rows that stand twice in the server's tables have been too high: opennem issue 642.)
#include <cstddef>
#include <string_view>
#include <vector>

#include "model/answer.hpp"

namespace oes {

/// Strictly ascending afterwards. Returns the points that came again with another value.
left_out_points drop_duplicates(std::vector<point>& points, std::string_view body);
/// One block's series sorted by labels, those with the same labels made one; in slices. Borrows both.
class duplicate_dropper {
 public:
  duplicate_dropper(std::vector<series>& all, std::string_view body);

  /// Handles about `points` points, and takes from `points` what that was. true: finished, `all` is that.
  bool advance(std::size_t& points);
  /// What came again with another value.
  [[nodiscard]] const left_out_points& conflicting() const { return conflicting_; }
  /// Finished, but a series came in so many parts that together they have more labels than one may.
  [[nodiscard]] bool too_long() const { return too_long_; }

 private:
  std::size_t take_next();

  std::vector<series>& all_;
  std::string_view body_;
  std::vector<series> kept_;
  std::size_t at_ = 0;
  left_out_points conflicting_;
  bool too_long_ = false;
};

}  // namespace oes
