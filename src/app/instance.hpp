#pragma once
// Who this process is: in claims, client ids and on the status page.
#include <string>

namespace oes {

struct instance_name {
  std::string host;
  std::string id;  ///< model/instance_id.hpp
};

instance_name make_instance_name();

}  // namespace oes
