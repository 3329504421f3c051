// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bridge_vtk/sequential.hpp"

// vtkSMPTools.h does not compile as C++20; what stands behind it does.
#include <SMP/Common/vtkSMPToolsAPI.h>

#include "core/errors.hpp"

namespace meshassay::bridge_vtk {

void run_sequentially() {
  static const bool is_set = vtk::detail::smp::vtkSMPToolsAPI::GetInstance().SetBackend("Sequential");
  if (!is_set)
    throw MachineError({.what = "VTK cannot run on one thread",
                        .expected = "a VTK with the SMP backend 'Sequential'",
                        .mend = "use the VTK that scripts/install_dependencies.sh installs"});
}

}  // namespace meshassay::bridge_vtk
