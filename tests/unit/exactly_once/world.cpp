#include "unit/exactly_once/world.hpp"

#include <array>

namespace oes::test {
namespace {

void add(std::string& out, const held& h) {
  out += static_cast<char>(h.sequence);
  out += static_cast<char>(h.position);
  out += static_cast<char>(h.owner);
}

}  // namespace

std::string world::text() const {
  std::string out;
  out.reserve(96);
  const auto add_number = [&](int n) { out += static_cast<char>(n); };
  add_number(txn.open | txn.has_progress_partition << 1 | txn.has_progress << 2 | kafka_holds << 3 | file_there << 4);
  add_number(txn.item);
  add(out, txn.progress);
  add(out, kafka);
  for (const auto n : copies) add_number(n);
  add(out, file);
  add_number(late ? 1 + late->newest_epoch : 0);
  add_number(late && late->commits);
  for (const auto n : {lease, incarnations, crashes_left, lost_left, hand_overs_left}) add_number(n);
  for (const auto& one : who) {
    add_number(static_cast<int>(one.at));
    for (const auto n : {one.incarnation, one.item}) add_number(n);
    add_number(one.has_file | one.known_parts << 1 | one.suspicious << 2 | one.after_unknown << 3 | one.apart << 4 |
               one.newest_epoch << 5 | one.lost_lease << 6);
    add(out, one.knows);
    add(out, one.next);
    add(out, one.file);
  }
  return out;
}

std::string describe(const world& w) {
  static constexpr std::array names{"load_file", "wait_for_lease", "init",    "read", "reconcile", "fetch",
                                    "confirm",   "confirmed",      "begin",   "data", "progress",  "commit",
                                    "judge",     "mirror",         "refused", "done"};
  std::string out = "Kafka " + std::to_string(w.kafka.sequence) + "/" + std::to_string(w.kafka.position) +
                    (w.txn.open ? ", open" : "") + (w.late ? ", late EndTxn" : "") + ", lease " +
                    std::to_string(w.lease);
  for (const auto& one : w.who) {
    out += "; instance " + std::to_string(one.incarnation) + (one.newest_epoch ? "*" : "") + " at " +
           names.at(static_cast<std::size_t>(one.at));
  }
  return out;
}

}  // namespace oes::test
