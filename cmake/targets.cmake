# SPDX-License-Identifier: GPL-3.0-or-later
# How this project's targets are built: one library a folder, one unit-test program a folder.

# Everything that we compile. -ffp-contract=off: a fused multiply-add would break exact predicates and byte-identical results.
add_library(meshassay_options INTERFACE)
target_compile_features(meshassay_options INTERFACE cxx_std_20)
target_compile_options(meshassay_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Werror
  -Wno-missing-field-initializers   # Designated initialisers leave out what has a default.
  -Wno-restrict                     # g++ 12 sees overlaps in std::string that are not there (PR 105651).
  -ffp-contract=off)
target_include_directories(meshassay_options INTERFACE ${PROJECT_SOURCE_DIR})
if(MESHASSAY_SANITIZE)
  target_compile_options(meshassay_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_definitions(meshassay_options INTERFACE _GLIBCXX_ASSERTIONS)   # std::vector's operator[] and the like check their index.
  target_link_options(meshassay_options INTERFACE -fsanitize=address,undefined)
  set(MESHASSAY_TIMEOUT_FACTOR 6)   # unit_core takes 2.6 times as long as in `release`; what allocates more takes longer.
else()
  set(MESHASSAY_TIMEOUT_FACTOR 1)
endif()

# meshassay_library(name SOURCES a.cpp ... [PUBLIC libs ...] [PRIVATE libs ...]): the library meshassay_<name>, alias
# meshassay::<name>. PUBLIC only what its headers mention.
function(meshassay_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;PUBLIC;PRIVATE")
  add_library(meshassay_${name} STATIC ${arg_SOURCES})
  add_library(meshassay::${name} ALIAS meshassay_${name})
  target_link_libraries(meshassay_${name} PUBLIC meshassay_options ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
endfunction()

# meshassay_unit_test(name SOURCES a_test.cpp ... LIBRARIES libs ...): the GoogleTest program unit_<name>.
function(meshassay_unit_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBRARIES")
  add_executable(unit_${name} ${arg_SOURCES})
  target_link_libraries(unit_${name} PRIVATE ${arg_LIBRARIES} test_support meshassay_options GTest::gtest_main GTest::gmock)
  add_test(NAME unit_${name} COMMAND unit_${name})
  math(EXPR timeout_s "600 * ${MESHASSAY_TIMEOUT_FACTOR}")
  set_tests_properties(unit_${name} PROPERTIES TIMEOUT ${timeout_s})
endfunction()
