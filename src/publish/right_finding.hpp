#pragma once
// What is known of one right of the daemon's.
#include <string>

namespace oes {

enum class right_verdict { has, lacks, untold };
enum class right_need { always, at_times };

struct right_finding {
  std::string resource;  ///< `topic openelectricity.network.5m.v1`
  std::string right;     ///< `Write`
  right_verdict verdict = right_verdict::untold;
  right_need need = right_need::always;
  std::string why;  ///< of `untold`: why it cannot be told from here; of the others: what it is for, or what was said
};

}  // namespace oes
