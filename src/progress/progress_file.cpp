#include "progress/progress_file.hpp"

#include <utility>

#include "files/local_file.hpp"
#include "progress/progress_file_text.hpp"
#include "progress/progress_mirror.hpp"
#include "progress/sha256.hpp"

namespace oes {
namespace {

constexpr std::string_view progress_name = "progress.json";

// Puts the months that lie beside the file into what it says; which ones are not to be had.
std::string add_sealed_months(const std::string& folder, progress_text& says) {
  std::string missing;
  for (const auto& [month, sha256] : says.sealed) {
    const auto name = std::string(sealed_folder) + "/" + sealed_name(month, sha256);
    const auto text = read_local_file(folder + "/" + name);
    std::string why;
    if (!text) why = text.error().context;
    if (text && !*text) why = "is missing";
    if (why.empty() && sha256_hex(**text) != sha256) why = "does not fit its sha256: it was edited or damaged";
    if (why.empty()) {
      const auto read = read_sealed_month(**text, month, says.snapshot->state);
      if (!read) why = read.error().context;
    }
    if (!why.empty()) missing += (missing.empty() ? "" : "; ") + name + " " + why;
  }
  return missing;
}

struct one_file {
  bool there = false;
  progress_text says;
  std::string damage;
  std::string missing_months;
};

one_file read_one(const std::string& folder, const std::string& name) {
  one_file out;
  const auto text = read_local_file(folder + "/" + name);
  if (text && !*text) return out;
  out.there = true;
  auto says = text ? read_progress_text(**text) : result<progress_text>(text.error());
  if (says) {
    out.says = std::move(*says);
    if (out.says.snapshot) out.missing_months = add_sealed_months(folder, out.says);
  } else {
    out.damage = name + " " + says.error().context;
  }
  return out;
}

}  // namespace

result<found_progress> read_progress_file(const std::string& folder) {
  const auto readable = may_read_local_folder(folder);
  if (!readable) return error{errc::io_error, "cannot read progress_path " + folder + ": " + readable.error().context};
  const std::string name(progress_name);
  auto current = read_one(folder, name);
  found_progress out;
  out.damage = current.damage;
  out.replaced_source_start = current.says.replaced_source_start;
  if (current.says.snapshot) {
    out.snapshot = std::move(current.says.snapshot);
    out.delivery = current.says.delivery;
    out.missing_months = current.missing_months;
    out.damage = current.missing_months;
    return out;
  }
  auto previous = read_one(folder, name + ".prev");
  if (!previous.there) return out;
  if (!current.there) out.damage = name + " is missing, though " + name + ".prev is there";
  if (!previous.damage.empty()) {
    out.damage += (out.damage.empty() ? "" : "; ") + previous.damage;
    return out;
  }
  out.from_previous = previous.says.snapshot.has_value() || !out.replaced_source_start;
  if (!out.replaced_source_start) out.replaced_source_start = previous.says.replaced_source_start;
  out.snapshot = std::move(previous.says.snapshot);
  out.delivery = previous.says.delivery;
  out.missing_months = previous.missing_months;
  if (!out.missing_months.empty()) out.damage += (out.damage.empty() ? "" : "; ") + out.missing_months;
  return out;
}

result<void> write_progress_file(const std::string& folder, const progress_snapshot& snapshot,
                                 mirrored_delivery delivery) {
  return progress_mirror(folder, delivery).write(snapshot);
}

}  // namespace oes
