#pragma once
// Every call of a fake passes here, and one of them throws: when it begins, or when it has done its work.
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace oes::test {

class poison {
 public:
  enum class when { begins, has_done_its_work };

  /// `nth` from 1, counted from now on.
  void put_into(std::size_t nth, when moment, std::function<void()> seen) {
    calls_.clear();
    nth_ = nth;
    moment_ = moment;
    seen_ = std::move(seen);
  }
  void begins(const char* call) {
    calls_.emplace_back(call);
    throw_at(when::begins);
  }
  void has_done_its_work() { throw_at(when::has_done_its_work); }
  [[nodiscard]] const std::vector<std::string>& calls() const { return calls_; }

 private:
  void throw_at(when moment) {
    if (calls_.size() != nth_ || moment != moment_) return;
    nth_ = 0;
    seen_();
    throw std::runtime_error("poison in " + calls_.back());
  }

  std::vector<std::string> calls_;
  std::size_t nth_ = 0;  ///< 0: none throws
  when moment_ = when::begins;
  std::function<void()> seen_;
};

}  // namespace oes::test
