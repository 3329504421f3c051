# SPDX-License-Identifier: GPL-3.0-or-later
# Run at every build (cmake -P): writes OUTPUT where version, commit, tree or libraries changed, and leaves it alone otherwise.
set(commit unknown)
set(clean_tree false)
execute_process(COMMAND git -C "${SOURCE_DIR}" rev-parse HEAD OUTPUT_VARIABLE head RESULT_VARIABLE failed
                OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT failed)
  set(commit "${head}")
  execute_process(COMMAND git -C "${SOURCE_DIR}" status --porcelain OUTPUT_VARIABLE changes OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(changes STREQUAL "")
    set(clean_tree true)
  endif()
endif()
set(rows "")
string(REPLACE "|" ";" libraries "${LIBRARIES}")
foreach(library IN LISTS libraries)
  string(REPLACE "=" ";" pair "${library}")
  list(GET pair 0 name)
  list(GET pair 1 number)
  string(APPEND rows "    {\"${name}\", \"${number}\"},\n")
endforeach()
file(CONFIGURE OUTPUT "${OUTPUT}" CONTENT [[
#include "harness/build_info.hpp"

namespace meshassay::harness::build_info {

const char* const version = "@VERSION@";
const char* const commit = "@commit@";
const bool clean_tree = @clean_tree@;
const std::vector<Library> libraries = {
@rows@};

}  // namespace meshassay::harness::build_info
]] @ONLY)
