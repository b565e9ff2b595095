#include "config/user_name.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>

namespace oes {

std::string user_name() {
  passwd entry{};
  passwd* found = nullptr;
  std::array<char, 4096> texts{};
  ::getpwuid_r(::geteuid(), &entry, texts.data(), texts.size(), &found);
  return found != nullptr ? entry.pw_name : std::to_string(::geteuid());
}

}  // namespace oes
