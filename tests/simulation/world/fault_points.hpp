#pragma once
// Who is told when a process passes one of the product's named points.
#include <string_view>

namespace oes::simulation {

class point_watch {
 public:
  virtual ~point_watch() = default;
  /// On a thread of a process, or on the machine's own.
  virtual void passed(std::string_view point) = 0;
  virtual bool has_bug(std::string_view bug) = 0;
};

void watch_points(point_watch* watch);

}  // namespace oes::simulation
