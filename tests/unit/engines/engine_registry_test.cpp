// SPDX-License-Identifier: MIT
#include "tequio/engine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "support/leak_check.hpp"

namespace {

using tequio::any_engine;
using tequio::core_engines;
using ::testing::ElementsAre;

class engine_registry : public tequio::test::leak_checked {};

TEST_F(engine_registry, core_has_the_engines_of_this_library) {
  EXPECT_THAT(core_engines().names(), ElementsAre("serial", "threads", "processes"));
  for (const std::string& name : core_engines().names()) {
    any_engine crew = any_engine::named(name, 3);
    EXPECT_EQ(crew.name(), name);
    EXPECT_EQ(crew.workers(), name == "serial" ? 1U : 3U);
    EXPECT_EQ(crew.ends_items(), name == "processes");
  }
}

TEST_F(engine_registry, program_adds_its_own) {
  auto engines = core_engines();
  engines.add("two", [](std::size_t workers) { return any_engine(tequio::processes(workers == 0 ? 2 : workers)); });
  EXPECT_THAT(engines.names(), ElementsAre("serial", "threads", "processes", "two"));
  EXPECT_EQ(engines.make("two").workers(), 2U);
  EXPECT_EQ(engines.make("two", 5).workers(), 5U);
  EXPECT_EQ(core_engines().names().size(), 3U);
}

TEST_F(engine_registry, engine_that_is_none_is_an_error) {
  EXPECT_THROW(any_engine(std::unique_ptr<tequio::detail::engine_core>()), tequio::error);
}

TEST_F(engine_registry, name_that_is_not_there_or_there_already_is_an_error_that_says_so) {
  auto engines = core_engines();
  try {
    static_cast<void>(engines.make("cluster"));
    FAIL() << "no error";
  } catch (const tequio::error& thrown) {
    EXPECT_STREQ(thrown.what(), "engine 'cluster': there is none of that name; take one of serial, threads, processes");
  }
  EXPECT_THROW(engines.add("serial", [](std::size_t) { return any_engine(tequio::serial()); }), tequio::error);
}

}  // namespace
