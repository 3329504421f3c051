// SPDX-License-Identifier: GPL-3.0-or-later
#include <catch2/catch.hpp>

#include "tests/acceptance/program.hpp"

using namespace acceptance;

SCENARIO("The record does not depend on the number of threads", "[determinism]") {
  const Scratch scratch;
  const auto run = [&](const std::string& name, const std::string& threads, const std::string& jobs) {
    const auto outcome = meshassay(
        {"run", "suites/quick.toml", "--out", scratch / name, "--threads", threads, "--jobs", jobs});
    INFO(outcome.err);
    REQUIRE(outcome.status == 0);
    return comparable_record(scratch / name);
  };
  GIVEN("a run with one thread") {
    const auto one = run("one", "1", "1");
    THEN("a run with two threads and two cases at once gives the same bytes outside environment and timing") {
      CHECK(run("two", "2", "2").dump() == one.dump());
    }
  }
}
