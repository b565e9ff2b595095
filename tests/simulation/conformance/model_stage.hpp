#pragma once
// A script on the model: the conductor of its steps, and what it orders of network, broker and processes.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "simulation/conformance/actor/actor.hpp"
#include "simulation/kafka/cluster.hpp"
#include "simulation/machine/machine.hpp"

namespace oes::conformance {

class model_stage {
 public:
  model_stage();
  ~model_stage();
  model_stage(const model_stage&) = delete;
  model_stage& operator=(const model_stage&) = delete;

  /// Each step, and behind it, with two spaces in front, what it told.
  std::vector<std::string> play(const std::vector<std::string>& script);

 private:
  struct seat {
    simulation::process of;
    std::unique_ptr<actor> self;
    bool busy = false;
    actor::facts told;
  };
  void conduct(const std::vector<std::string>& script);
  void take(const std::string& line);
  seat& seat_of(const std::string& name);
  actor::facts act(const std::string& name, const std::string& what);
  void order_network(const step& one);
  void order_rights(const step& one);
  void order_kafka(const step& one);

  simulation::machine machine_;
  simulation::cluster kafka_;
  simulation::process conductor_;
  std::map<std::string, std::unique_ptr<seat>> seats_;
  std::map<std::string, simulation::partition_log> saved_;
  std::vector<std::string> out_;
};

}  // namespace oes::conformance
