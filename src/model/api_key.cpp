#include "model/api_key.hpp"

namespace oes {

bool api_key::renew() {
  if (!read_again_) return false;
  auto found = read_again_();
  if (!found || found->empty() || *found == text_) return false;
  use(std::move(*found));
  return true;
}

void api_key::replace(api_key other) {
  read_again_ = std::move(other.read_again_);
  if (other.text_ != text_) use(std::move(other.text_));
}

void api_key::use(std::string text) {
  if (tell_) tell_(text);
  text_ = std::move(text);
}

}  // namespace oes
