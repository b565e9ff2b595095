// `progress show` and `progress export`: what is known, from whoever knows it best.
#include <filesystem>
#include <fstream>
#include <iostream>

#include "async/clock.hpp"
#include "commands/commands.hpp"
#include "commands/progress_commands.hpp"
#include "commands/progress_table.hpp"
#include "commands/read_kafka.hpp"
#include "files/durable_file.hpp"
#include "operate/control_client.hpp"
#include "operate/export_document.hpp"
#include "progress/progress_file_text.hpp"
#include "progress/reconcile.hpp"

namespace oes {
namespace {

constexpr auto patience_with_daemon = std::chrono::seconds(5);
constexpr auto patience_with_kafka = std::chrono::seconds(20);

mirrored_delivery delivery_of(const configuration& config) {
  return config.publish.delivery == delivery_guarantee::exactly_once ? mirrored_delivery::exactly_once
                                                                     : mirrored_delivery::at_least_once;
}

// A file in the place of what was there, as a whole or not at all; a device or a pipe is written to.
result<void> write_whole(const std::string& to, const std::string& text) {
  namespace fs = std::filesystem;
  std::error_code none;
  const auto there = fs::status(to, none);
  if (fs::exists(there) && !fs::is_regular_file(there)) {
    std::ofstream out(to, std::ios::binary);
    out << text;
    out.close();
    return out ? result<void>() : error{errc::io_error, "cannot write " + to};
  }
  const auto at = fs::weakly_canonical(fs::absolute(to, none), none);  // a link stays one
  auto written = replace_file(at.parent_path().string(), at.filename().string(), text, old_file::gone);
  if (written && fs::exists(there)) fs::permissions(at, there.permissions(), none);
  return written;
}

// Its progress.json's text as it would be now. refused: it serves another deployment; otherwise no daemon leads here.
result<std::string> from_daemon(const loaded_contact& contact) {
  job asked;
  asked.kind = job_kind::show;
  asked.deployment = contact.deployment;
  const auto answer = ask_writer(contact.progress_path, asked, patience_with_daemon);
  if (!answer) return answer.error();
  if (answer->exit == exit_config) return error{errc::refused, answer->text};
  if (answer->exit != exit_ok) return error{errc::fenced, answer->text};
  const auto text = read_progress_text(answer->document);
  if (!text || !text->snapshot) return error{errc::damaged, "the daemon's answer is no progress"};
  return answer->document;
}

// Where the file says something else than Kafka, the daemon would refuse to start: the same words here.
void warn_of_contradiction(const configuration& config, const std::optional<stored_progress>& kafka,
                           const found_progress& file) {
  reconcile_input input;
  if (kafka) input.cluster_id = kafka->snapshot.place.cluster_id;
  if (kafka) input.kafka = kafka->snapshot;
  input.file = file;
  input.topic = progress_topic(config.publish);
  input.data_topics_empty = true;
  const auto decision = reconcile(input);
  if (!decision) std::cerr << "warning: " << decision.error().context << '\n';
}

exit_code show_file(const result<found_progress>& found, const loaded_contact& contact, bool json) {
  const auto& folder = contact.progress_path;
  if (!found) {
    std::cerr << found.error().context << '\n';
    return exit_failure;
  }
  if (!found->damage.empty()) std::cerr << found->damage << '\n';
  if (!found->snapshot) {
    std::cerr << "no progress in Kafka or under " << folder << '\n';
    return exit_failure;
  }
  publish_settings named;
  named.deployment = contact.deployment;
  const auto& topic = found->snapshot->place.topic;
  if (!contact.deployment.empty() && topic != progress_topic(named)) {
    std::cerr << "progress.json under " << folder << " is of " << topic << ", not of " << progress_topic(named) << '\n';
    return exit_failure;
  }
  std::cerr << "showing " << (found->from_previous ? "progress.json.prev" : "progress.json") << '\n';
  std::cout << (json ? write_progress_text(*found->snapshot, found->delivery) : progress_table(*found->snapshot));
  return exit_ok;
}

}  // namespace

exit_code show_progress(const config_source& file, bool json) {
  const auto contact = contact_in(file);
  if (!contact) return exit_config;
  const auto running = from_daemon(*contact);
  if (running) {
    std::cout << (json ? *running : progress_table(*read_progress_text(*running)->snapshot));
    return exit_ok;
  }
  if (running.error().code == errc::refused) {
    std::cerr << running.error().context << '\n';
    return exit_failure;
  }
  return show_stored_progress(file, *contact, json);
}

exit_code show_stored_progress(const config_source& file, const loaded_contact& contact, bool json) {
  const auto found = read_progress_file(contact.progress_path);
  if (const auto config = load_quietly(file)) {
    const auto kafka = read_kafka(*config, patience_with_kafka);
    if (kafka && found) warn_of_contradiction(*config, *kafka, *found);
    if (kafka && *kafka) {
      const auto& snapshot = (*kafka)->snapshot;
      std::cout << (json ? write_progress_text(snapshot, delivery_of(*config)) : progress_table(snapshot));
      return exit_ok;
    }
    if (!kafka) std::cerr << "Kafka does not tell (" << kafka.error().context << ")\n";
  }
  return show_file(found, contact, json);
}

exit_code export_progress(const config_source& file, const std::string& to) {
  const auto config = load_for_command(file);
  if (!config) return exit_config;
  const auto kafka = read_kafka(*config, std::chrono::minutes(3));
  if (!kafka || !*kafka) {
    std::cerr << (kafka ? "Kafka holds no progress of deployment " + config->publish.deployment : kafka.error().context)
              << '\n';
    return kafka ? exit_failure : exit_code_for(kafka.error().code);
  }
  const auto now = wall_now();
  const auto text = write_export(**kafka, now);
  if (to.empty()) {
    std::cout << text;
    return exit_ok;
  }
  const auto written = write_whole(to, text);
  if (!written) {
    std::cerr << written.error().context << '\n';
    return exit_failure;
  }
  std::cout << "exported: sequence " << (*kafka)->snapshot.state.sequence << ", "
            << (*kafka)->snapshot.state.members.size() << " stream/metric pairs\n";
  return exit_ok;
}

}  // namespace oes
