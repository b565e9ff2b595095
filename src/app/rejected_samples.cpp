#include "app/rejected_samples.hpp"

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "files/local_file.hpp"

namespace oes {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t files_kept = 10;

// Numbers of the samples there are, ascending.
std::vector<int> numbers_in(const fs::path& folder) {
  std::vector<int> numbers;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    const auto stem = entry.path().stem().string();
    const bool numeric =
        !stem.empty() && std::all_of(stem.begin(), stem.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (numeric && stem.size() < 9) numbers.push_back(std::stoi(stem));
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

}  // namespace

void keep_rejected_sample(const std::string& folder, const std::string& why, std::string_view body,
                          const redactor& hide) {
  const auto place = fs::path(folder) / "rejected";
  if (!make_local_folder_in(folder, "rejected")) return;
  auto numbers = numbers_in(place);
  const int next = numbers.empty() ? 1 : numbers.back() + 1;
  std::error_code failed;
  for (std::size_t i = 0; i + files_kept <= numbers.size(); ++i) {
    fs::remove(place / (std::to_string(numbers[i]) + ".txt"), failed);
  }
  // A sample that cannot be kept costs nobody anything.
  const auto text = hide.clean(why) + "\n\n" + hide.clean(std::string(body));
  static_cast<void>(write_local_file((place / (std::to_string(next) + ".txt")).string(), text));
}

}  // namespace oes
