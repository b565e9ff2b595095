#include "publish/topic_doubts.hpp"

#include <charconv>
#include <string_view>

#include "publish/topic_check.hpp"

namespace oes {
namespace {

// From here on plan_topic() has two copies in sync.
constexpr int copies_that_may_lack_one = 3;

class examination {
 public:
  examination(const topic_facts& facts, const topic_wishes& wishes) : facts_(facts), wishes_(wishes) {}

  /// Empty: it is not told, or meant.
  [[nodiscard]] std::string_view unasked(const std::string& name) const {
    const auto found = facts_.settings.find(name);
    if (found == facts_.settings.end()) return {};
    const auto wished = wishes_.config.find(name);
    return wished != wishes_.config.end() && wished->second == found->second ? std::string_view{} : found->second;
  }

  void doubt(const std::string& name, std::string_view why) {
    text_.append(text_.empty() ? "" : "; ").append(name).append("=").append(facts_.settings.at(name));
    text_.append(": ").append(why);
  }

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  const topic_facts& facts_;
  const topic_wishes& wishes_;
  std::string text_;
};

bool deletes(const topic_facts& facts) {
  const auto policy = facts.settings.find("cleanup.policy");
  return policy == facts.settings.end() || policy->second.find("delete") != std::string::npos;
}

void doubt_list(examination& of) {
  const auto policy = of.unasked("cleanup.policy");
  if (policy.empty() || policy == "compact") return;
  of.doubt("cleanup.policy",
           "it should be compact, since what does not change is published once, and retention would take it away");
}

void doubt_data(examination& of, const topic_facts& facts) {
  constexpr std::string_view meant = " (if that is meant, say so in kafka.topics.data.config)";
  const auto forgets = [&](const char* name, std::string why) { of.doubt(name, why.append(meant)); };
  if (of.unasked("cleanup.policy").find("compact") != std::string_view::npos) {
    forgets("cleanup.policy", "compaction keeps the newest revision of each point and takes the others away");
  }
  if (!deletes(facts)) return;
  for (const auto* name : {"retention.ms", "retention.bytes"}) {
    const auto limit = of.unasked(name);
    if (limit.empty() || limit == "-1") continue;
    forgets(name, "records are deleted, and what has not changed since is published never again");
  }
}

// A row of the ledger has twelve bytes a series, of which a stream may have 65,535.
void doubt_progress(examination& of) {
  constexpr int largest_row = 1024 * 1024;
  const auto most = of.unasked("max.message.bytes");
  int count = largest_row;
  std::from_chars(most.data(), most.data() + most.size(), count);
  if (most.empty() || count >= largest_row) return;
  of.doubt("max.message.bytes",
           "a stream of many series writes larger records, up to 1 MiB, and is set apart where they are refused");
}

void doubt_copies(examination& of, const topic_facts& facts) {
  if (of.unasked("unclean.leader.election.enable") == "true") {
    of.doubt("unclean.leader.election.enable", "acknowledged records may be lost with a broker");
  }
  const auto in_sync = of.unasked("min.insync.replicas");
  int count = copies_that_may_lack_one;
  std::from_chars(in_sync.data(), in_sync.data() + in_sync.size(), count);
  if (in_sync.empty() || facts.replication < copies_that_may_lack_one || count > 1) return;
  of.doubt("min.insync.replicas", "a record is acknowledged that one broker alone has, and is lost with that broker");
}

}  // namespace

std::string doubt_about(const wanted_topic& wanted, const topic_facts& facts, const topic_wishes_by_kind& wishes) {
  examination of(facts, wish_for(wanted.use, wishes));
  switch (wanted.use) {
    case topic_use::data:
    case topic_use::data_by_series:
      doubt_data(of, facts);
      break;
    case topic_use::newest_only:
      doubt_list(of);
      break;
    case topic_use::progress:
      doubt_progress(of);
      break;
  }
  doubt_copies(of, facts);
  return of.take();
}

}  // namespace oes
