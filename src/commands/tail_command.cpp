#include "commands/tail_command.hpp"

#include <poll.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstring>
#include <iostream>
#include <map>
#include <optional>
#include <set>

#include "app/newest_records.hpp"
#include "avro/record_decoder.hpp"
#include "commands/commands.hpp"
#include "commands/record_lines.hpp"
#include "config/nearest.hpp"
#include "config/quantity.hpp"
#include "kafka/topic_tail.hpp"
#include "model/network.hpp"
#include "model/utf8.hpp"
#include "registry/schema_lookup.hpp"

namespace oes {
namespace {

constexpr std::int64_t most_newest = 100'000;
constexpr std::size_t enough_to_write = 64UL * 1024;

/// SIGINT and SIGTERM end it in order.
class interruption {
 public:
  interruption() : signals_(loop_, SIGINT, SIGTERM) {
    signals_.async_wait([this](const boost::system::error_code& failed, int) { came_ = came_ || !failed; });
  }
  bool came() {
    loop_.poll();
    return came_;
  }

 private:
  boost::asio::io_context loop_{1};
  boost::asio::signal_set signals_;
  bool came_ = false;
};

/// Standard output as a pipe has it: gathered, and over as soon as nobody reads it any more. A reader that takes
/// nothing is waited for until somebody ends the command.
class line_output {
 public:
  explicit line_output(interruption& stop) : stop_(stop) {}

  void put(std::string_view line) {
    buffer_.append(line).append("\n");
    if (buffer_.size() >= enough_to_write) flush();
  }
  void flush() {
    std::string_view rest = buffer_;
    while (!rest.empty() && is_open()) {
      if (!has_room()) {
        if (stop_.came()) break;
        continue;
      }
      // A pipe that has room takes so much without holding the writer.
      const auto put = ::write(STDOUT_FILENO, rest.data(), std::min<std::size_t>(rest.size(), PIPE_BUF));
      if (put > 0) rest.remove_prefix(static_cast<std::size_t>(put));
      if (put < 0 && errno != EINTR && errno != EAGAIN) fault_ = errno;
    }
    buffer_.clear();
  }
  [[nodiscard]] bool is_open() const { return fault_ == 0; }
  /// The reader went away, which is how a pipe ends.
  [[nodiscard]] bool reader_left() const { return fault_ == EPIPE; }
  [[nodiscard]] std::string fault() const { return std::strerror(fault_); }

  /// Of a pipe without a reader nothing is told until somebody writes, or asks.
  void look() {
    ::pollfd out{STDOUT_FILENO, 0, 0};
    if (::poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0) fault_ = EPIPE;
  }

 private:
  static bool has_room() {
    constexpr int patience_ms = 100;
    ::pollfd out{STDOUT_FILENO, POLLOUT, 0};
    return ::poll(&out, 1, patience_ms) == 1;  // what went wrong the write tells
  }

  interruption& stop_;
  std::string buffer_;
  int fault_ = 0;
};

result<tail_start> start_of(const std::string& from) {
  if (from == "earliest") return tail_start(from_earliest{});
  if (from == "latest") return tail_start(from_latest{});
  if (from.starts_with('-')) {
    const auto count = parse_integer(std::string_view(from).substr(1));
    if (count && *count >= 0 && *count <= most_newest) return tail_start(from_newest{*count});
  } else if (const auto at = read_typed_time(from, network::nem)) {
    return tail_start(from_time{to_utc(*at, network::nem)});
  }
  return error{errc::bad_config,
               "--from: '" + from +
                   "' is none of earliest, latest, -N (the newest N records, 100000 at most) or a time like "
                   "2026-11-23T10:00:00+10:00"};
}

std::vector<std::string> topics_of_streams(const configuration& config, const std::string& stream) {
  std::vector<std::string> out;
  for (const auto& spec : config.streams) {
    if (!stream.empty() && spec.name != stream) continue;
    for (const auto& part : parts_of(spec)) {
      auto topic = topic_for(spec, part.from, part.name);
      if (std::find(out.begin(), out.end(), topic) == out.end()) out.push_back(std::move(topic));
    }
  }
  return out;
}

result<std::vector<std::string>> chosen_topics(const configuration& config, const tail_options& chosen) {
  if (!chosen.topics.empty()) return chosen.topics;
  auto found = topics_of_streams(config, chosen.stream);
  if (!found.empty()) return found;
  std::vector<std::string> names;
  for (const auto& spec : config.streams) names.push_back(spec.name);
  return error{errc::bad_config, "--stream: there is no stream '" + chosen.stream +
                                     "' in the configuration; there are " + listed(names) +
                                     did_you_mean(chosen.stream, names)};
}

// Versions are microseconds of the clock, or above it: what has none is as new as its making.
record_age age_of(const record_members& record, utc_time produced) {
  const auto version = parse_integer(record.text("version"));
  return {version.value_or(produced.time_since_epoch().count()), record.text("interval_end")};
}

class printer {
 public:
  /// `usual`: which columns CSV has where no record comes.
  printer(const tail_options& chosen, row_kind usual, avro::record_decoder decoder, line_output& out)
      : chosen_(chosen), usual_(usual), decoder_(std::move(decoder)), out_(out) {}

  void take(const std::string& topic, std::string_view key, std::string_view value) {
    if (value.empty() || is_full() || fault_) return;  // a tombstone says that there is nothing any more
    const auto record = text_of(key, value);
    const auto line = record ? line_of(topic, *record) : record;
    if (!line) return complain(topic, line.error());
    out_.put(*line);
    ++printed_;
  }
  /// None where it would not be printed. What stops the command does so when it is taken.
  std::optional<record_age> age(std::string_view key, std::string_view value, utc_time produced) {
    if (value.empty()) return std::nullopt;
    const auto record = text_of(key, value);
    if (!record && record.error().code == errc::damaged) return std::nullopt;
    const auto members = record ? record_members::read(*record) : std::nullopt;
    if (chosen_.form == record_form::csv && record && !(members && kind_of(*members))) return std::nullopt;
    return age_of(members.value_or(record_members()), produced);
  }
  /// After the last record.
  void finish() {
    if (chosen_.form == record_form::csv && !kind_) begin_csv(usual_);
  }
  [[nodiscard]] bool is_full() const { return chosen_.limit > 0 && printed_ >= chosen_.limit; }
  /// Avro that cannot be read for want of its schema.
  [[nodiscard]] const std::optional<error>& fault() const { return fault_; }

 private:
  result<std::string> text_of(std::string_view key, std::string_view value) {
    const auto read = decoder_.json(value);
    if (!read && !is_key_of_ours(key)) return error{errc::damaged, "it is another program's"};
    if (!read) return read.error();
    return std::string(*read);
  }
  result<std::string> line_of(const std::string& topic, const std::string& record) {
    if (chosen_.form == record_form::json) return json_line(record);
    if (chosen_.form == record_form::table) return table_line(record);
    const auto members = record_members::read(record);
    const auto kind = members ? kind_of(*members) : std::nullopt;
    if (!kind) return error{errc::damaged, "it is another program's"};
    if (!kind_) begin_csv(*kind);
    if (kind != kind_) return error{errc::damaged, "data and the list of facilities have other columns: one at a time"};
    for (const auto& name : newer_metrics(*members)) {
      if (!without_column_.insert(name).second) continue;
      std::cerr << "topic " << topic << ": metric " << printable(name)
                << " is newer than this release and has no column; --format json has it\n";
    }
    return csv_line(*members, columns_of(*kind));
  }
  void begin_csv(row_kind kind) {
    kind_ = kind;
    out_.put(csv_header(columns_of(kind)));
  }
  // One record that is damaged, or another program's, is passed over; the first of a topic is told.
  void complain(const std::string& topic, const error& why) {
    if (why.code != errc::damaged) {
      fault_ = error{why.code, "topic " + topic + ": " + why.context};
    } else if (told_.insert(topic).second) {
      std::cerr << "topic " << topic << ": a record is left out: " << why.context << '\n';
    }
  }

  const tail_options& chosen_;
  row_kind usual_;
  std::optional<row_kind> kind_;  ///< of CSV: as its first record
  avro::record_decoder decoder_;
  line_output& out_;
  std::int64_t printed_ = 0;
  std::set<std::string> told_;
  std::set<std::string> without_column_;
  std::optional<error> fault_;
};

exit_code tail_failed(const error& why, exit_code code) {
  std::cerr << why.context << '\n';
  return code;
}

exit_code tail(const config_source& file, const tail_options& chosen) {
  const auto from = start_of(chosen.from);
  if (!from) return tail_failed(from.error(), exit_usage);
  const auto config = load_for_command(file);
  if (!config) return exit_config;
  const auto topics = chosen_topics(*config, chosen);
  if (!topics) return tail_failed(topics.error(), exit_usage);
  auto telemetry = config->telemetry;
  telemetry.log_level = "warn";
  logger log(telemetry);
  interruption stop;
  line_output out(stop);
  const bool only_the_list = topics->size() == 1 && topics->front() == config->facilities.topic;
  printer print(chosen, only_the_list ? row_kind::unit : row_kind::point,
                avro::record_decoder(schema_lookup(config->registry)), out);
  const tail_watch watch{
      [&](const std::string& topic, std::string_view key, std::string_view value) { print.take(topic, key, value); },
      [&](std::string_view key, std::string_view value, utc_time produced) { return print.age(key, value, produced); },
      [&] { return !print.is_full() && !print.fault() && out.is_open() && !stop.came(); },
      [&] {
        out.flush();
        out.look();
      }};
  const auto until = chosen.to_end ? tail_end::at_ends_seen : tail_end::never;
  const auto read = tail_topics(config->publish, *topics, *from, until, watch, log);
  if (read) print.finish();
  out.flush();
  if (!out.is_open() && !out.reader_left()) {
    std::cerr << "standard output: " << out.fault() << '\n';
    return exit_failure;
  }
  if (print.fault()) return tail_failed(*print.fault(), exit_failure);
  return read || stop.came() || out.reader_left() ? exit_ok : tail_failed(read.error(), exit_failure);
}

}  // namespace

std::function<std::optional<exit_code>(const config_source&)> add_tail(CLI::App& app, tail_options& chosen) {
  static const std::map<std::string, record_form> forms{
      {"json", record_form::json}, {"csv", record_form::csv}, {"table", record_form::table}};
  auto* command = app.add_subcommand("tail",
                                     "Print records of the topics as they come, until Ctrl-C: only committed ones; no "
                                     "group is joined. With the configuration's brokers and their TLS and SASL");
  auto* topic =
      command->add_option("--topic", chosen.topics, "A topic, also several times (default: those of all streams)")
          ->allow_extra_args(false);
  command->add_option("--stream", chosen.stream, "The topics of this stream")->excludes(topic);
  command
      ->add_option("--from", chosen.from,
                   "earliest, latest, -N (the newest N records, then what follows), or the time from which on records "
                   "were produced")
      ->type_name("WHERE")
      ->capture_default_str();
  command->add_flag("--to-end", chosen.to_end, "End at the ends that the topics have now");
  command
      ->add_option_function<std::string>(
          "--format", [&chosen](const std::string& name) { chosen.form = forms.at(name); },
          "json (as in Kafka, a record a line), csv (with a header) or table")
      ->check(CLI::IsMember(forms))
      ->default_str("table");
  command->add_option("--limit", chosen.limit, "End after so many records")
      ->type_name("N")
      ->check(CLI::Range(std::int64_t(1), std::int64_t(1) << 62));
  return [=, &chosen](const config_source& file) -> std::optional<exit_code> {
    if (!*command) return std::nullopt;
    return tail(file, chosen);
  };
}

}  // namespace oes
