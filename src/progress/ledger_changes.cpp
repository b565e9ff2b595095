#include "progress/ledger_changes.hpp"

#include "progress/ledger_codec.hpp"

namespace oes {
namespace {

template <typename Map>
bool holds(const Map& in, const typename Map::value_type& entry) {
  const auto found = in.find(entry.first);
  return found != in.end() && found->second == entry.second;
}

ledger_update written(const member_key& member, const ledger_image& before, const ledger_image& after) {
  ledger_update update;
  update.member = member;
  for (const auto& entry : after.dictionary) {
    if (!holds(before.dictionary, entry)) update.dictionary.push_back({entry.first, entry.second});
  }
  for (const auto& row : after.rows) {
    if (!holds(before.rows, row)) update.rows.push_back({row.first, row.second});
  }
  return update;
}

ledger_image gone(const ledger_image& before, const ledger_image& after) {
  ledger_image out;
  for (const auto& row : before.rows) {
    if (!after.rows.contains(row.first)) out.rows.insert(row);
  }
  for (const auto& entry : before.dictionary) {
    if (!after.dictionary.contains(entry.first)) out.dictionary.insert(entry);
  }
  return out;
}

const ledger_image& image_in(const ledger_book& book, const member_key& member) {
  static const ledger_image nothing;
  const auto found = book.find(member);
  return found == book.end() ? nothing : found->second;
}

}  // namespace

std::vector<progress_message> encode_ledger_changes(const ledger_book& before, const ledger_book& after,
                                                    std::int64_t sequence) {
  std::vector<progress_message> out;
  for (const auto& [member, image] : before) append(out, forget_ledger(member, gone(image, image_in(after, member))));
  for (const auto& [member, image] : after) {
    append(out, encode_ledger(written(member, image_in(before, member), image), sequence));
  }
  return out;
}

}  // namespace oes
