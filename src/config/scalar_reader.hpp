#pragma once
// One scalar of the configuration → its value, by its row of the table. Pure.
#include <string>
#include <variant>

#include "config/setting.hpp"

namespace oes {

struct scalar_fault {
  std::string message;  ///< what is wrong and what is allowed; never quotes a secret
};

/// `text_list` and `properties` are read item by item, as text.
std::variant<setting_value, scalar_fault> read_scalar(const key_info& info, const std::string& text);

}  // namespace oes
