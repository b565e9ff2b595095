#pragma once
// What is logged, as whoever reads stderr sees it.
#include <unistd.h>

#include <cstdio>
#include <functional>
#include <memory>
#include <string>

#include "telemetry/log.hpp"

namespace oes::test {

/// From `warn` on, while `work` is done; before and after it `log` says errors only.
inline std::string logged(logger& log, const std::function<void()>& work) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> kept(std::tmpfile(), &std::fclose);
  const int before = ::dup(STDERR_FILENO);
  ::dup2(::fileno(kept.get()), STDERR_FILENO);
  log.set_level("warn");
  work();
  log.flush();
  log.set_level("error");
  ::dup2(before, STDERR_FILENO);
  ::close(before);
  std::string text(1U << 16U, '\0');
  std::rewind(kept.get());
  text.resize(std::fread(text.data(), 1, text.size(), kept.get()));
  return text;
}

}  // namespace oes::test
