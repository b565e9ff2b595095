#pragma once
// Every value that one point ever has, and since when: what a checker compares consumers' records with.
#include <string>
#include <variant>

#include "model/time.hpp"
#include "simulator/realism.hpp"
#include "simulator/target.hpp"
#include "simulator/world.hpp"

namespace oes::sim {

/// What is wrong with the question.
struct bad_question {
  std::string text;
};

/// `network, metric, label` and optionally `interval, region, fueltech, fueltech_group, facility_code, unit_code` →
/// {"history":[{"from":instant,"value":"text as served" or null}]}; before the first entry the point does not exist.
std::variant<std::string, bad_question> point_history(const world& w, const realism& how, const target& asked);

}  // namespace oes::sim
