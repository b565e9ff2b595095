#pragma once
// What an operator has agreed to: a plan that is made anew before it is carried out may have become another one.
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "app/exit_code.hpp"
#include "operate/job.hpp"

namespace oes {

/// Shows what a job would do and asks. ok: go on.
using confirmation = std::function<exit_code(const job_answer& plan)>;

/// Asks for a plan, and again only where the plan says something else than the one that was agreed to.
class plan_consent {
 public:
  explicit plan_consent(confirmation ask) : ask_(std::move(ask)) {}

  exit_code to(const job_answer& plan);

 private:
  confirmation ask_;
  std::optional<std::vector<std::string>> agreed_;
};

}  // namespace oes
