#pragma once
// Who this process is: in claims, client ids and on the status page.
#include <string>

namespace oes {

struct instance_name {
  std::string host;
  std::string id;  ///< host-pid-random: unique over restarts
};

instance_name make_instance_name();

}  // namespace oes
