// SPDX-License-Identifier: GPL-3.0-or-later
// Included before all else where ITK is used: Debian's ITK refuses any compiler but g++. It only asks which
// features there are.
#pragma once

#pragma push_macro("__clang__")
#pragma push_macro("__GNUC__")
#undef __clang__
#undef __GNUC__
#define __GNUC__ 12
#include <itk_compiler_detection.h>
#pragma pop_macro("__GNUC__")
#pragma pop_macro("__clang__")
