#include "app/schema_ids.hpp"

#include <utility>

#include "app/schema_refusals.hpp"
#include "async/blocking.hpp"
#include "async/timer.hpp"
#include "progress/sha256.hpp"

namespace oes {
namespace {

namespace asio = boost::asio;

constexpr auto patience_with_the_memory = std::chrono::seconds(10);
constexpr auto subject_of_trouble = "schema registry";
constexpr int looks_for_a_new_id = 5;
constexpr auto between_questions = std::chrono::seconds(1);

}  // namespace

bool schema_ids::begin() {
  const bool another = around_.config.registry != settings_;
  if (!client_ || stale_ || another) {
    stale_ = false;
    settings_ = around_.config.registry;
    client_ = std::make_shared<registry_client>(settings_);
    ++generation_;
  }
  return another;
}

asio::awaitable<result<schema_ids::known_id>> schema_ids::id_for(std::string topic, record_kind kind,
                                                                 std::optional<written_records> written) {
  const auto* const before = memory_of(topic);
  if (!written) written.emplace(before == nullptr ? written_records() : written_records{{before->id, {}}});
  if (away_) co_return remembered(topic, kind, *written, *away_);
  const auto asked = client_;
  auto looking = asked->find(subject_of(topic), avro_schema(kind));
  auto found = co_await std::move(looking);
  if (asked != client_) co_return other_registry();
  if (!found && found.error().code == errc::rejected) co_return schema_refused(found.error().context);
  if (!found) {
    if (!away_ && found.error().code != errc::stopped) away_ = found.error();
    co_return remembered(topic, kind, *written, found.error());
  }
  around_.report.lesser(subject_of_trouble, nullptr);
  auto checking = check_written(asked, topic, kind, *written, *found);
  auto checked = co_await std::move(checking);
  if (asked != client_) co_return other_registry();
  if (!checked && checked.error().code != errc::refused) co_return remembered(topic, kind, *written, checked.error());
  if (!checked) co_return checked.error();
  if (!*found) {
    auto adding = add(asked, topic, kind);
    auto added = co_await std::move(adding);
    if (asked != client_) co_return other_registry();
    if (!added) co_return added.error();
    *found = *added;
  }
  auto checking_given = check_given(asked, topic, **found, kind);
  checked = co_await std::move(checking_given);
  if (asked != client_) co_return other_registry();
  if (!checked && (checked.error().code == errc::refused || checked.error().code == errc::stopped))
    co_return checked.error();
  if (!checked) {  // it is asked again by confirm()
    const error silent = checked.error();
    around_.report.lesser(subject_of_trouble, &silent);
    co_return known_id{**found, false};
  }
  remember(topic, **found, kind);
  co_return known_id{**found, true};
}

// Readers of what lies in the topic must find its schemas.
asio::awaitable<result<void>> schema_ids::check_written(client asked, std::string topic, record_kind kind,
                                                        written_records written, std::optional<std::int32_t> found) {
  for (const auto& [id, records] : written) {
    auto asking = asked->schema_of(id);
    auto text = co_await std::move(asking);
    if (!text && id == found) continue;  // it gives this id for our schema today, and does not tell more
    if (!text) co_return text.error();
    if (!*text) co_return unknown_id(topic, id, shown_address(settings_));
    if (!reads(**text, kind, records)) co_return foreign_id(topic, id, shown_address(settings_));
  }
  co_return result<void>();
}

// Registries count ids in more than one way; the id in a record is one that readers ask by. Of several nodes of a
// registry one may know for a moment what the next does not.
asio::awaitable<result<void>> schema_ids::check_given(client asked, std::string topic, std::int32_t id,
                                                      record_kind kind) {
  std::optional<std::string> text;
  for (int times = 0; !text && times < looks_for_a_new_id; ++times) {
    if (times > 0) {
      auto pausing = pause_for(between_questions);
      const bool waited = co_await std::move(pausing);
      if (!waited || asked != client_) co_return other_registry();
    }
    auto asking = asked->schema_of(id);
    auto told = co_await std::move(asking);
    if (!told) co_return told.error();
    text = std::move(*told);
  }
  if (!text || !is_our_schema(*text, kind)) co_return useless_id(topic, id, shown_address(settings_));
  co_return result<void>();
}

asio::awaitable<result<std::int32_t>> schema_ids::add(client asked, std::string topic, record_kind kind) {
  if (!settings_.auto_register) co_return not_registered(topic, kind, shown_address(settings_));
  auto adding = asked->add(subject_of(topic), avro_schema(kind));
  auto added = co_await std::move(adding);
  if (!added && added.error().code == errc::rejected && asked == client_) {
    // Whoever came first may have registered the same.
    auto looking = asked->find(subject_of(topic), avro_schema(kind));
    auto found = co_await std::move(looking);
    if (found && *found) co_return **found;
    co_return schema_refused("the schema of topic " + topic + " is refused: " + added.error().context);
  }
  if (added && asked == client_) {
    around_.log.info("the schema of a topic was registered",
                     {{"topic", topic}, {"subject", subject_of(topic)}, {"id", *added}});
  }
  co_return added;
}

const remembered_schema* schema_ids::memory_of(const std::string& topic) const {
  if (!memory_) return nullptr;
  const auto found = memory_->find(topic);
  const bool is_of_this = found != memory_->end() && found->second.registry == shown_address(settings_);
  return is_of_this ? &found->second : nullptr;
}

// What the topic's records do not know may be of a time before it was made anew.
result<schema_ids::known_id> schema_ids::remembered(const std::string& topic, record_kind kind,
                                                    const written_records& written, const error& away) {
  if (away.code == errc::stopped) return away;
  around_.report.lesser(subject_of_trouble, &away);
  const auto* const before = memory_of(topic);
  const bool known = before != nullptr && before->sha256 == sha256_hex(avro_schema(kind)) &&
                     (written.empty() || written.contains(before->id));
  if (!known) return error{away.code, away.context + "; the schema's id is not known from before"};
  return known_id{before->id, false};
}

void schema_ids::remember(const std::string& topic, std::int32_t id, record_kind kind) {
  if (!memory_) memory_.emplace();
  const remembered_schema one{id, sha256_hex(avro_schema(kind)), shown_address(settings_)};
  auto& known = (*memory_)[topic];
  if (known == one) return;
  known = one;
  around_.memory.begin([folder = around_.config.progress_path, memory = *memory_, &log = around_.log] {
    auto written = write_schema_memory(folder, memory);
    if (!written) log.warn("schemas.json cannot be written; going on", {{"reason", written.error().context}});
    return written;
  });
}

asio::awaitable<void> schema_ids::read_memory() {
  if (memory_) co_return;
  // Shared with the thread, which a disk that stalls may hold up.
  auto found = std::make_shared<result<schema_memory>>(error{errc::damaged, "schemas.json was not read in time"});
  auto work = [folder = around_.config.progress_path, found] { *found = read_schema_memory(folder); };
  auto reading = run_on_own_thread(std::move(work), steady_now() + patience_with_the_memory);
  const auto ended = co_await std::move(reading);
  if (ended == wait_end::done && *found) {
    memory_ = std::move(**found);
    co_return;
  }
  const auto why = ended == wait_end::done ? found->error().context : "schemas.json was not read in time";
  around_.log.warn("what is remembered of schemas is not used; going on", {{"reason", why}});
  memory_.emplace();
}

asio::awaitable<std::optional<result<void>>> schema_ids::confirm(std::string topic, std::int32_t id, record_kind kind) {
  const auto asked = client_;
  auto asking = asked->schema_of(id);
  auto text = co_await std::move(asking);
  if (asked != client_) co_return std::nullopt;
  if (!text && text.error().code == errc::stopped) co_return std::nullopt;
  if (!text) {
    const error away = text.error();
    around_.report.lesser(subject_of_trouble, &away);
    co_return std::nullopt;
  }
  around_.report.lesser(subject_of_trouble, nullptr);
  if (!*text) co_return result<void>(unknown_id(topic, id, shown_address(settings_)));
  if (!is_our_schema(**text, kind)) co_return result<void>(foreign_id(topic, id, shown_address(settings_)));
  co_return result<void>();
}

}  // namespace oes
