#include "async/own_thread.hpp"

#include <exception>
#include <thread>
#include <utility>

#include "async/last_words.hpp"

namespace oes {

void start_own_thread(std::string who, std::function<void()> work) {
  std::thread([who = std::move(who), work = std::move(work)] {
    try {
      work();
    } catch (...) {
      end_process(who, std::current_exception());
    }
  }).detach();
}

}  // namespace oes
