#include "model/api_key.hpp"

namespace oes {

bool api_key::renew() {
  if (!read_again_) return false;
  auto found = read_again_();
  problem_ = std::move(found.problem);
  if (!problem_.empty() || found.text.empty() || found.text == text_) return false;
  use(std::move(found.text));
  return true;
}

void api_key::replace(api_key other) {
  read_again_ = std::move(other.read_again_);
  problem_.clear();
  if (other.text_ != text_) use(std::move(other.text_));
}

void api_key::use(std::string text) {
  if (tell_) tell_(text);
  text_ = std::move(text);
}

}  // namespace oes
