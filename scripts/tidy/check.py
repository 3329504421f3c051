# SPDX-License-Identifier: GPL-3.0-or-later
"""check.py --build FOLDER [FILE...]: runs clang-tidy over sources and headers, all unless named; see check_tidy.sh.

What makes it cheap: a plugin keeps clang-tidy out of the libraries (own_code.cpp), sources that are compiled alike share a precompiled
header of all that they include, and what passed is looked at again only when it, something that it includes or a tool changed.
Headers are looked at by themselves, since clang-tidy does not look into a precompiled one.
"""

import argparse
import collections
import concurrent.futures
import dataclasses
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
FEWEST_TO_SHARE = 4  # A precompiled header takes as long as about three sources without.
INCLUDE = re.compile(r'^#include *(<[^>]+>|"[^"]+")', re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Job:
    """One run of clang-tidy: over one source, or over the headers of a unit that is written for it."""

    files: tuple
    flags: tuple

    @property
    def name(self):
        return " ".join(self.files)

    @property
    def is_source(self):
        return self.files[0].endswith(".cpp")

    @property
    def shared_flags(self):
        """What a precompiled header has to be compiled with; the project's own definitions may differ."""
        return tuple(flag for flag in self.flags if not flag.startswith("-DMESHASSAY_"))


def main():
    parser = argparse.ArgumentParser(prog="check_tidy.sh")
    parser.add_argument("--build", required=True, type=pathlib.Path, help="the folder of compile_commands.json")
    parser.add_argument("--share", choices=["auto", "always", "never"], default="auto", help="whether sources share precompiled headers")
    parser.add_argument("--anew", action="store_true", help="look at everything, changed or not")
    parser.add_argument("files", nargs="*", help="sources and headers; all unless given")
    arguments = parser.parse_args()

    work = arguments.build / "tidy"
    work.mkdir(exist_ok=True)
    jobs = jobs_for(arguments.files, arguments.build)
    keys = {job.name: key_of(job) for job in jobs}
    passed_path = work / "passed.json"
    passed = json.loads(passed_path.read_text()) if passed_path.exists() else {}
    stale = [job for job in jobs if arguments.anew or passed.get(job.name) != keys[job.name]]
    if not stale:
        print(f"check_tidy.sh: {len(jobs)} passed before and did not change", file=sys.stderr)
        return 0

    failed = 0
    printed = set()  # A finding in a header may come from several sources.
    try:
        for job, findings in check_all(stale, {"auto": FEWEST_TO_SHARE, "always": 1, "never": sys.maxsize}[arguments.share], work):
            print("".join(finding for finding in findings if finding not in printed), end="", flush=True)
            printed.update(findings)
            if findings:
                failed += 1
                passed.pop(job.name, None)
            else:
                passed[job.name] = keys[job.name]
    finally:
        if not arguments.files:
            passed = {name: key for name, key in passed.items() if name in keys}
        passed_path.write_text(json.dumps(passed, indent=1))
    print(f"check_tidy.sh: {len(stale)} looked at, {len(jobs) - len(stale)} did not change since they passed", file=sys.stderr)
    if failed:
        print("check_tidy.sh: mend what is named above, or say beside the line why not: // NOLINT(check-name): reason", file=sys.stderr)
    return 1 if failed else 0


def check_all(jobs, fewest_to_share, work):
    """Yields each job with what was found: a list of texts."""
    plugin = build_plugin(work)
    with tempfile.TemporaryDirectory(dir=work) as scratch, concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        shared = {}
        for flags, sources in sources_to_share(jobs, fewest_to_share).items():
            header = pathlib.Path(scratch, f"shared{len(shared)}.hpp")
            shared.update(dict.fromkeys(sources, pool.submit(precompile, flags, sources, header)))
        jobs = sorted(jobs, key=lambda job: job.name in shared)  # The slow ones first, and those whose header is made meanwhile last.
        yield from zip(jobs, pool.map(lambda job: check(job, shared.get(job.name), plugin, scratch), jobs))


def jobs_for(names, build):
    """A job for each source, and one for the headers that sources with the same flags were the first to include."""
    tracked = subprocess.run(["git", "ls-files", "*.cpp", "*.hpp"], check=True, capture_output=True, text=True).stdout.split()
    tracked = [name for name in tracked if not name.startswith((PLANTED_FAULTS, os.path.dirname(PLUGIN_SOURCE)))]
    wanted = [os.path.relpath(name) for name in names] or tracked
    flags = compile_flags(build)
    flags.update((name, ("-std=gnu++20", f"-I{os.getcwd()}")) for name in wanted if name.startswith(PLANTED_FAULTS))
    sources = [name for name in tracked if name.endswith(".cpp")] + [name for name in wanted if name.startswith(PLANTED_FAULTS)]
    lost = [name for name in wanted if name.endswith(".cpp") and name not in flags]
    if lost:
        give_up(f"no target compiles {' '.join(lost)}: list it in a CMakeLists.txt, and configure anew")

    home = {}
    for source in sources:
        for header in included_files(source):
            home.setdefault(header, flags[source])
    headers = collections.defaultdict(list)
    for name in wanted:
        if name.endswith(".hpp"):
            if name not in home and not name.startswith(PLANTED_FAULTS):
                give_up(f"no source includes {name}")
            headers[home.get(name, flags.get(name))].append(name)
    return [Job(tuple(group), key) for key, group in headers.items()] + [
        Job((name,), flags[name]) for name in wanted if name.endswith(".cpp")
    ]


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


def included_files(name, seen=None):
    """Our own headers that a file includes, and they."""
    seen = {} if seen is None else seen
    for included in INCLUDE.findall(read(name)):
        header = included.strip('"')
        if header not in seen and included[0] == '"' and os.path.exists(header):
            seen[header] = None
            included_files(header, seen)
    return list(seen)


texts = {}


def read(name):
    if name not in texts:
        texts[name] = pathlib.Path(name).read_text(encoding="utf-8")
    return texts[name]


def key_of(job):
    """Changes with all that the answer hangs on, but for the libraries and clang-tidy, which come with the system."""
    digest = hashlib.sha256(" ".join(job.flags).encode())
    for name in [".clang-tidy", PLUGIN_SOURCE, ITK_HELP, __file__, *job.files, *(header for file in job.files for header in included_files(file))]:
        digest.update(read(name).encode())
    return digest.hexdigest()


def build_plugin(work):
    plugin = work / "own_code.so"
    if not plugin.exists() or plugin.stat().st_mtime < os.path.getmtime(PLUGIN_SOURCE):
        command = ["g++", "-std=c++17", "-O1", "-fno-rtti", "-fPIC", "-shared", "-isystem", f"{LLVM}/include", PLUGIN_SOURCE]
        subprocess.run([*command, "-o", plugin], check=True)
    return plugin


def sources_to_share(jobs, fewest):
    """Of each set of flags with enough sources, these. A source that defines something for what it includes stays alone."""
    groups = collections.defaultdict(list)
    for job in jobs:
        if job.is_source and not re.search(r"^#define[\s\S]*^#include", read(job.name), re.MULTILINE):
            groups[job.shared_flags].append(job.name)
    return {flags: sources for flags, sources in groups.items() if len(sources) >= fewest}


def precompile(flags, sources, header):
    """The precompiled header of all that the sources include, or None where that does not compile."""
    includes = {include for source in sources for include in INCLUDE.findall(read(source))}
    header.write_text("".join(f"#include {include}\n" for include in sorted(includes, reverse=True)))  # <library> before "own".
    output = header.with_suffix(".pch")
    command = [f"{LLVM}/bin/clang++", *flags, *COMMON_FLAGS, "-fpch-instantiate-templates", "-x", "c++-header", header, "-o", output]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        first_error = next((line for line in done.stderr.splitlines() if "error:" in line), done.stderr)
        print(f"check_tidy.sh: {len(sources)} sources share no header, which takes longer: {first_error}", file=sys.stderr)
        return None
    return output


def check(job, shared, plugin, scratch):
    """What clang-tidy finds: a list of texts, each one finding."""
    header = shared.result() if shared else None
    if header:
        found = run_clang_tidy(job.name, [*job.flags, "-include-pch", str(header)], plugin)
        if not any("[clang-diagnostic-error]" in finding for finding in found):
            return found
        print(f"check_tidy.sh: {job.name} does not compile with the shared header; once more without", file=sys.stderr)
    unit = job.name
    if not job.is_source:
        unit = pathlib.Path(scratch, hashlib.sha256(job.name.encode()).hexdigest() + ".cpp")
        unit.write_text("".join(f'#include "{name}"\n' for name in job.files))
    return run_clang_tidy(unit, job.flags, plugin)


def run_clang_tidy(unit, flags, plugin):
    command = [f"{LLVM}/bin/clang-tidy", f"--load={plugin.resolve()}", "--quiet", "--config-file=.clang-tidy", unit, "--", *flags, *COMMON_FLAGS]
    done = subprocess.run(command, capture_output=True, text=True)
    found = re.split(r"^(?=/\S+:\d+:\d+: (?:warning|error): )", done.stdout, flags=re.MULTILINE)
    found = [finding.replace(os.getcwd() + "/", "") for finding in found if finding]
    if done.returncode != 0 and not found:
        give_up(f"{shlex.join(map(str, command))} failed:\n{done.stderr}")
    return found


def give_up(why):
    print(f"check_tidy.sh: {why}", file=sys.stderr)
    raise SystemExit(3)


if __name__ == "__main__":
    sys.exit(main())
