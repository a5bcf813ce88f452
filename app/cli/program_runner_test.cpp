#include "app/cli/test_program_runner.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace headroom {

namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

[[noreturn]] void become(const std::vector<std::string>& words, const std::string& folder,
                         const Folder& answers) {
  if (!folder.empty() && ::chdir(folder.c_str()) != 0) ::_exit(127);
  const auto redirect = [](const char* path, int flags, int stream) {
    const int file = ::open(path, flags, 0600);
    ::dup2(file, stream);
  };
  redirect("/dev/null", O_RDONLY, STDIN_FILENO);
  redirect(answers.file("out").c_str(), O_CREAT | O_WRONLY, STDOUT_FILENO);
  redirect(answers.file("err").c_str(), O_CREAT | O_WRONLY, STDERR_FILENO);
  std::vector<char*> arguments{const_cast<char*>(HEADROOM_PROGRAM)};
  for (const auto& word : words)
    arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execv(HEADROOM_PROGRAM, arguments.data());
  ::_exit(127);
}

}  // namespace

Answer run_headroom(const std::vector<std::string>& words, const std::string& folder) {
  const Folder answers;
  const pid_t child = ::fork();
  if (child == 0) become(words, folder, answers);
  int status = 0;
  ::waitpid(child, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, answers.read("out"), answers.read("err")};
}

Folder::Folder() {
  std::string name = (std::filesystem::temp_directory_path() / "headroom-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) std::abort();
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string Folder::write(const std::string& name, const std::string& text) const {
  std::ofstream(file(name), std::ios::binary) << text;
  return file(name);
}

std::string Folder::read(const std::string& name) const {
  return text_of(file(name));
}

std::size_t Folder::size() const {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(path_))
    ++count;
  return count;
}

std::string small_scenario(double load, const std::string& requirement) {
  return fmt::format(R"({{
    "headroom": 1, "name": "small", "run": {{"warmup": "5s", "duration": "60s", "replications": 5}},
    "workloads": {{"w": {{"target": "app", "arrivals": {{"poisson": "{:g}/s"}}}}}},
    "services": {{"app": {{"kind": "server", "service_time": {{"exp": "10ms"}}, "concurrency": 1,
                          "queue_limit": "unlimited"}}}},
    "slos": {{"fast": {{"workload": "w", "require": "{}"}}}}
  }})",
                     100 * load, requirement);
}

}  // namespace headroom
