// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace meshassay::bridge_vtk {

/// Makes VTK's filters work on one thread from now on, so that the order of their output is fixed. Call it
/// before a filter that is threaded (Flying Edges); calling it again changes nothing.
void run_sequentially();

}  // namespace meshassay::bridge_vtk
