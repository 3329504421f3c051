# SPDX-License-Identifier: GPL-3.0-or-later
"""check.py --build FOLDER [FILE...]: runs clang-tidy over sources, all unless named, and our headers in them; see check_tidy.sh.

What makes it cheap: a plugin keeps clang-tidy out of the libraries (own_code.cpp), sources that are compiled alike share a precompiled
header of the libraries, and what passed is looked at again only when it, a header of ours in it or a tool changed.
"""

import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

LLVM = "/usr/lib/llvm-14"  # Debian 12's. A plugin fits one version of clang-tidy.
PLUGIN_SOURCE = "scripts/tidy/own_code.cpp"
ITK_HELP = "scripts/tidy/itk_by_clang.hpp"
PLANTED_FAULTS = "tests/tidy/"  # For the test of this program; no part of any target.
# In C++20 clang-tidy 14 prepares for modules: it reads all headers once more. We have none.
COMMON_FLAGS = ["-w", "-Xclang", "-fno-cxx-modules"]
INCLUDE = re.compile(r'^#include *[<"]([^>"]+)[>"]', re.MULTILINE)

Source = collections.namedtuple("Source", "name flags headers libraries key")


def main():
    parser = argparse.ArgumentParser(prog="check_tidy.sh")
    parser.add_argument("--build", required=True, type=pathlib.Path, help="the folder of compile_commands.json")
    # A precompiled header takes as long as about three sources without.
    parser.add_argument("--share", type=int, default=4, metavar="N", help="N sources that are compiled alike share a precompiled header")
    parser.add_argument("--anew", action="store_true", help="look at everything, changed or not")
    parser.add_argument("files", nargs="*", help="sources, and headers in the first source that includes them; all unless given")
    arguments = parser.parse_args()

    work = arguments.build / "tidy"
    work.mkdir(exist_ok=True)
    sources = sources_of(arguments.files, compile_flags(arguments.build))
    passed_path = work / "passed.json"
    passed = json.loads(passed_path.read_text()) if passed_path.exists() else {}
    stale = [source for source in sources if arguments.anew or passed.get(source.name) != source.key]

    failed = False
    printed = set()  # What is found in a header is found in each source that includes it.
    try:
        for source, findings in check_all(stale, arguments.share, work):
            print("".join(finding for finding in findings if finding not in printed), end="", flush=True)
            printed.update(findings)
            failed |= bool(findings)
            passed[source.name] = None if findings else source.key
    finally:
        passed_path.write_text(json.dumps(passed, indent=1))
    print(f"check_tidy.sh: {len(stale)} sources looked at, {len(sources) - len(stale)} did not change since they passed", file=sys.stderr)
    if failed:
        print("check_tidy.sh: mend what is named above, or say beside the line why not: // NOLINT(check-name): reason", file=sys.stderr)
    return 1 if failed else 0


def compile_flags(build):
    """Of each source, what the compiler is told, without warnings: those are g++'s business, which builds with -Werror."""
    flags = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        words = iter(shlex.split(entry["command"]))
        kept = []
        for word in words:
            if word == "-isystem":
                kept.append(word + next(words))
            elif word == "-o":
                next(words)
            elif word.startswith(("-D", "-I", "-O", "-f", "-std")):
                kept.append(word)
        if any("/ITK-" in flag for flag in kept):
            kept += ["-include", ITK_HELP]
        flags.setdefault(os.path.relpath(entry["file"]), tuple(kept))
    return flags


def sources_of(names, flags):
    """The named sources and those that show the named headers, or all."""
    tracked = subprocess.run(["git", "ls-files", "*.cpp", "*.hpp"], check=True, capture_output=True, text=True).stdout.split()
    tracked = [name for name in tracked if not name.startswith((PLANTED_FAULTS, os.path.dirname(PLUGIN_SOURCE)))]
    names = [os.path.relpath(name) for name in names] or tracked
    planted = [name for name in names if name.startswith(PLANTED_FAULTS)]
    flags.update(dict.fromkeys(planted, ("-std=gnu++20", f"-I{os.getcwd()}")))
    lost = [name for name in names if name.endswith(".cpp") and name not in flags]
    if lost:
        give_up(f"no target compiles {' '.join(lost)}: list it in a CMakeLists.txt, and configure anew")

    sources = {name: source_of(name, flags[name]) for name in dict.fromkeys([*tracked, *names]) if name.endswith(".cpp") and name in flags}
    shows = {header: source.name for source in reversed(sources.values()) for header in source.headers}
    for name in names:
        if name.endswith(".hpp") and name not in shows:
            give_up(f"no source includes {name}")
    return [sources[name] for name in dict.fromkeys(name if name.endswith(".cpp") else shows[name] for name in names)]


def source_of(name, flags):
    """The key changes with all that the answer hangs on, but for the libraries and clang-tidy, which come with the system."""
    headers, libraries = included(name)
    files = [".clang-tidy", PLUGIN_SOURCE, ITK_HELP, __file__, name, *headers]
    key = hashlib.sha256("\0".join([*flags, *map(read, files)]).encode()).hexdigest()
    return Source(name, flags, headers, libraries, key)


def included(name):
    """Our headers that a file includes, and they; and the libraries' that these include."""
    headers, libraries = {}, {}
    waiting = [name]
    while waiting:
        for header in INCLUDE.findall(read(waiting.pop())):
            if not os.path.exists(header):
                libraries[header] = None
            elif header not in headers:
                headers[header] = None
                waiting.append(header)
    return list(headers), list(libraries)


texts = {}


def read(name):
    if name not in texts:
        texts[name] = pathlib.Path(name).read_text(encoding="utf-8")
    return texts[name]


def check_all(sources, fewest_to_share, work):
    """Yields each source with what was found: a list of texts."""
    if not sources:
        return
    plugin = build_plugin(work)
    alike = collections.defaultdict(list)
    for source in sources:
        if not re.search(r"^#define[\s\S]*^#include", read(source.name), re.MULTILINE):  # It defines something for what it includes.
            alike[shared_flags(source)].append(source)
    alike = {flags: group for flags, group in alike.items() if len(group) >= fewest_to_share}
    with tempfile.TemporaryDirectory(dir=work) as scratch, concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        shared = {}
        for flags, group in alike.items():
            header = pool.submit(precompile, flags, group, pathlib.Path(scratch, f"shared{len(shared)}.hpp"))
            shared.update((source.name, header) for source in group)
        sources = sorted(sources, key=lambda source: source.name in shared)  # The slow ones first.
        yield from zip(sources, pool.map(lambda source: check(source, shared.get(source.name), plugin), sources))


def build_plugin(work):
    plugin = work / "own_code.so"
    if not plugin.exists() or plugin.stat().st_mtime < os.path.getmtime(PLUGIN_SOURCE):
        command = ["g++", "-std=c++17", "-O1", "-fno-rtti", "-fPIC", "-shared", "-isystem", f"{LLVM}/include", PLUGIN_SOURCE]
        subprocess.run([*command, "-o", plugin], check=True)
    return plugin


def shared_flags(source):
    """What a precompiled header has to be compiled with: the project's own definitions do not matter to libraries."""
    return tuple(flag for flag in source.flags if not flag.startswith("-DMESHASSAY_"))


def precompile(flags, sources, header):
    """The precompiled header of what several of the sources include, a tenth at least: reading it takes time, too."""
    uses = collections.Counter(library for source in sources for library in source.libraries)
    fewest = max(min(2, len(sources)), len(sources) / 10)
    header.write_text("".join(f"#include <{library}>\n" for library, count in sorted(uses.items()) if count >= fewest))
    output = header.with_suffix(".pch")
    command = [f"{LLVM}/bin/clang++", *flags, *COMMON_FLAGS, "-fpch-instantiate-templates", "-x", "c++-header", header, "-o", output]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        give_up(f"{shlex.join(map(str, command))} failed:\n{done.stderr}")
    return output


def check(source, shared, plugin):
    """What clang-tidy finds: a list of texts, each one finding."""
    flags = [*source.flags, *COMMON_FLAGS, *(["-include-pch", str(shared.result())] if shared else [])]
    command = [f"{LLVM}/bin/clang-tidy", f"--load={plugin.resolve()}", "--quiet", "--config-file=.clang-tidy", source.name, "--", *flags]
    done = subprocess.run(command, capture_output=True, text=True)
    found = re.split(r"^(?=/\S+:\d+:\d+: (?:warning|error): )", done.stdout, flags=re.MULTILINE)
    found = [finding.replace(os.getcwd() + "/", "") for finding in found if finding]
    if done.returncode != 0 and not found:
        give_up(f"{shlex.join(command)} failed:\n{done.stderr}")
    return found


def give_up(why):
    print(f"check_tidy.sh: {why}", file=sys.stderr)
    raise SystemExit(3)


if __name__ == "__main__":
    sys.exit(main())
