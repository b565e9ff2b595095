#pragma once
// What the harness tells the proxy (one line each), and what is in force for one connection or one request. Pure.
//
//   link ID MODE match=TEXT[,TEXT] [node=N] [for=MS] [rate=BYTES_PER_S] [lag=MS]
//                                                      MODE: silent, slow, delay, refuse
//   rule ID ACTION match=TEXT[,TEXT] key=N [node=N] [skip=N] [times=N] [for=MS] [of=ID]
//                                                      ACTION: hold, drop, lose_answer, delay, release
//   cut ID match=… [node=N]      closes every such connection       reset ID …   the same with RST
//   release ID                   sends what the rule holds to the broker now
//   abort ID                     turns the EndTxn(commit) that the rule holds into EndTxn(abort)
//   clear ID                     the order is over
// TEXT is looked for in a connection's client.id; `*` is every connection.
#include <chrono>
#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <vector>

namespace oes::chaos {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

struct target {
  std::vector<std::string> match;
  int node = 0;  ///< 0: all
  [[nodiscard]] bool covers(const std::string& client_id, int at_node) const;
};

enum class link_mode { silent, slow, delay, refuse };
struct link_order {
  std::string id;
  link_mode mode = link_mode::silent;
  target whom;
  clock::time_point until = clock::time_point::max();
  milliseconds span{0};
  double bytes_per_s = 0;
};

enum class rule_action { hold, drop, lose_answer, delay, release };
struct rule_order {
  std::string id;
  rule_action action = rule_action::hold;
  target whom;
  int key = -1;
  int skip = 0;
  int times = 1;
  milliseconds span{0};  ///< hold: released by itself after this long (0: by `release`); delay: so long
  std::string releases;  ///< release: what this rule's id holds goes out before the request
};

struct command {
  std::string verb;
  std::string id;
  target whom;
  std::optional<link_order> link;
  std::optional<rule_order> rule;
};

/// nullopt: not understood.
std::optional<command> parse(const std::string& line, clock::time_point now);

/// All orders in force.
class order_book {
 public:
  void add(const command& c);
  void clear(const std::string& id);
  /// The rule that treats this request, if any; counts it.
  std::optional<rule_order> rule_for(const std::string& client_id, int node, int key);
  [[nodiscard]] bool silent(const std::string& client_id, int node, clock::time_point now) const;
  [[nodiscard]] bool refused(const std::string& client_id, int node, clock::time_point now) const;
  /// How long `bytes` have to wait.
  [[nodiscard]] milliseconds wait_of(const std::string& client_id, int node, std::size_t bytes,
                                     clock::time_point now) const;
  void forget_over(clock::time_point now);

 private:
  [[nodiscard]] const link_order* find(link_mode mode, const std::string& client_id, int node,
                                       clock::time_point now) const;
  std::list<link_order> links_;
  std::list<rule_order> rules_;
};

}  // namespace oes::chaos
