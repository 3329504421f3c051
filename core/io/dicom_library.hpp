// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace meshassay::io {

/// Silences DCMTK on standard error and checks that it found its dictionary. \throw MachineError
void initialise_dicom_library();

}  // namespace meshassay::io
