// What a process writes into files is part of the world's story. So is what it logs, where that is shown: each line
// with its time and the process' name.
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdio>
#include <string>
#include <string_view>

#include "simulation/machine/disk.hpp"
#include "simulation/machine/machine.hpp"

extern "C" ssize_t write(int descriptor, const void* bytes, size_t size) {
  const std::string_view text(static_cast<const char*>(bytes), size);
  if (auto* one = oes::simulation::disk::of_descriptor(descriptor)) return one->write(descriptor, text);
  const auto* here = oes::simulation::machine::running();
  auto* whose = here == nullptr ? nullptr : here->current_process();
  if (descriptor != STDERR_FILENO || whose == nullptr) {
    if (whose != nullptr) oes::simulation::machine::running()->note({static_cast<const char*>(bytes), size});
    return syscall(SYS_write, descriptor, bytes, size);
  }
  whose->last_line = text;
  const auto at = std::chrono::duration<double>(here->now()).count();
  std::string head(48, '\0');
  head.resize(
      static_cast<std::size_t>(std::snprintf(head.data(), head.size(), "%12.6f %s: ", at, whose->name.c_str())));
  head.append(text);
  syscall(SYS_write, descriptor, head.data(), head.size());
  return static_cast<ssize_t>(size);
}
