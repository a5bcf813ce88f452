#include <fmt/format.h>

#include <filesystem>

#include "app/cli/commands/commands.hpp"
#include "app/cli/exit_code.hpp"
#include "app/cli/lessons.hpp"
#include "app/report/result_directory.hpp"
#include "app/report/text_table.hpp"
#include "app/scenario/diagnostics.hpp"
#include "app/scenario/suggest.hpp"
#include "app/study/reproduction.hpp"

namespace headroom {

namespace {

std::string with_file(std::string_view command, const std::string& file) {
  std::string text(command);
  const std::size_t at = text.find("FILE");
  return at == std::string::npos ? text : text.replace(at, 4, shell_word(file));
}

int list_lessons(Console& console) {
  if (console.json()) {
    auto all = nlohmann::ordered_json::array();
    for (const Lesson& lesson : lessons())
      all.push_back({{"lesson", lesson.name}, {"question", lesson.question}});
    console.answer(nlohmann::ordered_json{{"lessons", std::move(all)}});
    return exit_met;
  }
  std::string text = "Predict, then run, then see.\n\n";
  for (const Lesson& lesson : lessons())
    text += console.paint().bold(std::string(lesson.name)) + "\n  " +
            wrapped(std::string(lesson.question), 2) + "\n";
  console.answer(text + "\nNext: headroom teach " + std::string(lessons().front().name) + "\n");
  return exit_met;
}

int tell_answer(Session& session, const Lesson& lesson, const std::string& file) {
  Console& console = session.console;
  if (console.json()) {
    console.answer(nlohmann::ordered_json{{"lesson", lesson.name},
                                          {"question", lesson.question},
                                          {"answer", lesson.answer},
                                          {"then", with_file(lesson.then, file)}});
    return exit_met;
  }
  console.answer(fmt::format("{}\n\nNext: {}\n", wrapped(std::string(lesson.answer), 0),
                             console.paint().bold(with_file(lesson.then, file))));
  return exit_met;
}

int begin_lesson(Session& session, const Lesson& lesson, const std::string& file) {
  Console& console = session.console;
  std::error_code error;
  // A lesson that was begun goes on with the file as its reader may have changed it.
  const bool is_there = std::filesystem::exists(file, error);
  if (!is_there) {
    const std::string why = write_file(file, std::string(lesson.scenario));
    if (!why.empty()) return console.error(exit_failure, why);
  }
  const std::string see = with_file(lesson.look_at, file);
  const std::string answer = "headroom teach " + std::string(lesson.name) + " --answer";
  if (console.json()) {
    console.answer(nlohmann::ordered_json{{"lesson", lesson.name},
                                          {"question", lesson.question},
                                          {"file", file},
                                          {"written", !is_there},
                                          {"run", see},
                                          {"then", answer}});
    return exit_met;
  }
  console.answer(fmt::format("{}\n\n{} {}. Write your guess down, then:\n  {}\n  {}\n",
                             wrapped(std::string(lesson.question), 0),
                             is_there ? "The scenario stands in" : "Wrote the scenario:", file,
                             console.paint().bold(see), console.paint().bold(answer)));
  return exit_met;
}

int teach(Session& session) {
  if (!session.lesson) return list_lessons(session.console);
  std::vector<std::string_view> names;
  for (const Lesson& lesson : lessons()) {
    names.push_back(lesson.name);
    if (lesson.name != *session.lesson) continue;
    const std::string file = session.new_file.value_or(std::string(lesson.name) + ".json");
    return session.tells_answer ? tell_answer(session, lesson, file)
                                : begin_lesson(session, lesson, file);
  }
  return session.console.error(exit_bad_input,
                               "there is no lesson \"" + visible(*session.lesson) + "\"",
                               suggestion(*session.lesson, names));
}

}  // namespace

void add_teach(Session& session) {
  Command command =
      session.line.add("teach", "Lessons: a question, a scenario to run, and what comes out.");
  command.optional_argument("LESSON", session.lesson, "Without it: all of them");
  command.optional_argument("FILE", session.new_file, "Of the scenario. Default: LESSON.json");
  command.flag("--answer", session.tells_answer, "What comes out, why, and what to try then.");
  add_console_options(command, session.options);
  command.action([&session] { return teach(session); });
}

}  // namespace headroom
