#include "app/instance.hpp"

#include <unistd.h>

#include <array>
#include <random>

#include "model/instance_id.hpp"

namespace oes {

instance_name make_instance_name() {
  std::array<char, 256> buffer{};
  const bool known = gethostname(buffer.data(), buffer.size() - 1) == 0;
  instance_name name{known ? buffer.data() : "localhost", {}};
  std::random_device random;
  constexpr std::string_view digits = "0123456789abcdef";
  std::string suffix;
  for (int i = 0; i < 8; ++i) suffix += digits[random() % digits.size()];
  name.id = instance_id(name.host, getpid(), suffix);
  return name;
}

}  // namespace oes
