#include "async/own_thread.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <memory>
#include <thread>
#include <utility>

#include "async/last_words.hpp"

namespace oes {
namespace {

// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables): they belong to the process, and to nobody in it
std::atomic<int> running = 0;

struct counted {
  counted() { ++running; }
  ~counted() { --running; }
  counted(const counted&) = delete;
  counted& operator=(const counted&) = delete;
};

}  // namespace

void start_own_thread(std::string who, std::function<void()> work) {
  auto one = std::make_unique<counted>();
  std::thread([one = std::move(one), who = std::move(who), work = std::move(work)]() mutable {
    try {
      work();
    } catch (...) {
      end_process(who, std::current_exception());
    }
    work = nullptr;  // what it owns goes before it counts as ended
    one.reset();
  }).detach();
}

void leave_threads_behind() noexcept { ++running; }

int leave_main(int code) noexcept {
  if (running == 0) return code;
  std::cout.flush();
  std::fflush(nullptr);
  std::_Exit(code);
}

}  // namespace oes
