#include "model/api_key.hpp"

namespace oes {

bool api_key::renew() {
  if (!read_again_) return false;
  auto found = read_again_();
  if (!found || found->empty() || *found == text_) return false;
  if (tell_) tell_(*found);
  text_ = std::move(*found);
  return true;
}

}  // namespace oes
