# SPDX-License-Identifier: GPL-3.0-or-later
# blender --background --factory-startup --python blender_repair.py -- GIVEN.stl REPAIRED.stl
# The button "Make Manifold" of the 3D Print Toolbox, with its defaults.
import sys

import bpy

given, repaired = sys.argv[sys.argv.index("--") + 1 :]
bpy.ops.wm.read_factory_settings(use_empty=True)
bpy.ops.preferences.addon_enable(module="object_print3d_utils")
bpy.ops.import_mesh.stl(filepath=given, axis_forward="Y", axis_up="Z")
bpy.ops.mesh.print3d_clean_non_manifold()
bpy.ops.export_mesh.stl(filepath=repaired, axis_forward="Y", axis_up="Z")
