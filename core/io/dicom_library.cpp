// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/io/dicom_library.hpp"

#include <dcmtk/config/osconfig.h>
// DCMTK wants its configuration before anything else of its own.
#include <dcmtk/dcmdata/dcdict.h>
#include <dcmtk/oflog/oflog.h>

#include "core/errors.hpp"

namespace meshassay::io {

void initialise_dicom_library() {
  static const bool has_dictionary = [] {
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    return dcmDataDict.isDictionaryLoaded() == OFTrue;
  }();
  if (!has_dictionary)
    throw MachineError({.what = "DCMTK has no data dictionary",
                        .where = "dicom.dic",
                        .expected = "the dictionary that DCMTK installs",
                        .mend = "install it again (libdcmtk17), or set DCMDICTPATH to its dicom.dic"});
}

}  // namespace meshassay::io
