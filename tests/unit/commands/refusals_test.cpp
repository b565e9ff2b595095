// Every command that a refusal names is one that the command line takes, word for word.
#include <doctest/doctest.h>

#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "commands/command_line.hpp"
#include "groups/open_group.hpp"
#include "operate/progress_edit.hpp"
#include "operate/trust.hpp"
#include "progress/reconcile.hpp"
#include "unit/progress/samples.hpp"

using namespace oes;

namespace {

progress_snapshot at(std::int64_t sequence, std::int64_t offset) {
  auto s = samples::snapshot();
  s.state.sequence = sequence;
  s.place.offset = offset;
  return s;
}

reconcile_input with(std::optional<progress_snapshot> kafka, std::optional<progress_snapshot> file) {
  reconcile_input in;
  in.cluster_id = "cluster-1";
  in.topic = "openelectricity.progress.test";
  in.kafka = std::move(kafka);
  in.file.snapshot = std::move(file);
  return in;
}

std::string refusal(const reconcile_input& in) {
  const auto out = reconcile(in);
  REQUIRE(out.has_error());
  return out.error().context;
}

std::vector<std::string> every_refusal() {
  std::vector<std::string> out;
  auto edited = at(12, 90);
  edited.state.members.begin()->second.position += std::chrono::minutes(5);
  auto elsewhere = with(std::nullopt, at(12, 90));
  elsewhere.cluster_id = "cluster-2";
  auto elsewhere_too = with(at(12, 90), at(12, 90));
  elsewhere_too.cluster_id = "cluster-2";
  auto copied = with(at(12, 90), at(12, 90));
  copied.file.snapshot->place.topic = "openelectricity.progress.other";
  auto unreadable = with(std::nullopt, std::nullopt);
  unreadable.file.damage = "progress.json is empty";
  for (const auto& in :
       {with(at(11, 80), at(12, 90)), with(std::nullopt, at(12, 90)), with(at(12, 90), edited),
        with(at(13, 20), at(12, 90)), elsewhere, elsewhere_too, copied, unreadable, with(std::nullopt, std::nullopt)}) {
    out.push_back(refusal(in));
  }
  out.push_back(unreadable_topic({errc::damaged, "offset 7: x"}, "openelectricity.progress.test").context);

  stream_spec stream;
  stream.name = "nem";
  stream.metrics = {"power"};
  stream.topic = "t";
  const auto state = samples::state();
  const ledger_book no_ledger;
  const auto opened =
      open_group(make_groups({stream}).front(), {state.members, no_ledger, {}, limits_of("PRO").history, std::nullopt});
  REQUIRE(opened.has_error());
  out.push_back(opened.error().context);

  auto taken = state;
  taken.members[{"regions", "power"}] = samples::nem_power();
  out.push_back(rename_stream({taken, {}}, "nem", "regions", taken.members).error().context);
  out.push_back(trust_side(with(std::nullopt, std::nullopt), {}, trusted_side::kafka).error().context);
  return out;
}

std::vector<std::string> words_of(const std::string& command) {
  std::istringstream text(command);
  std::vector<std::string> words;
  for (std::string word; text >> word;) words.push_back(word);
  return words;
}

std::vector<std::string> commands_in(const std::string& text) {
  static const std::regex named("`(progress [^`]*)`");
  std::vector<std::string> out;
  for (std::sregex_iterator it(text.begin(), text.end(), named), none; it != none; ++it) out.push_back((*it)[1].str());
  return out;
}

}  // namespace

TEST_CASE("every command that a refusal names is taken by the command line, and every refusal names one") {
  for (const auto& text : every_refusal()) {
    CAPTURE(text);
    CHECK(text.find('\n') == std::string::npos);
    const auto named = commands_in(text);
    CHECK_FALSE(named.empty());
    for (const auto& command : named) CHECK_MESSAGE(fault_of_command_line(words_of(command)).empty(), command);
  }
}

TEST_CASE("a command that is written wrong would be noticed") {
  CHECK_FALSE(fault_of_command_line({"progress", "reset", "--trust", "kafka"}).empty());  // without a reason
  CHECK(fault_of_command_line({"tail", "--format", "csv"}).empty());
  CHECK(fault_of_command_line({"tail", "--format", "xml"}).find("xml not in {csv,json,table}") != std::string::npos);
  CHECK_FALSE(fault_of_command_line({"tail", "--format", "1"}).empty());
  CHECK(fault_of_command_line({"schema", "--format", "avro"}).empty());
  CHECK_FALSE(fault_of_command_line({"progress", "reset", "--trust", "both", "--reason", "x"}).empty());
  CHECK_FALSE(fault_of_command_line({"progress", "reset", "--reason", "x"}).empty());
  CHECK_FALSE(fault_of_command_line({"progress", "reset", "--metric", "power", "--reason", "x"}).empty());
  CHECK_FALSE(fault_of_command_line({"progress", "reset", "--stream", "nem", "--reason", " "}).empty());
  CHECK_FALSE(fault_of_command_line({"progress", "burn"}).empty());
  CHECK(fault_of_command_line({"progress", "seek", "--stream", "a", "--to", "2026-11-23", "--reason", "x"}).empty());
}
