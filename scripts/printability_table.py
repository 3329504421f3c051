# SPDX-License-Identifier: GPL-3.0-or-later
"""printability_table.py RUNS SYSTEM...: Markdown tables from RUNS/SYSTEM/run.json; see make_printability_table.sh."""

import json
import pathlib
import sys

# Tables 1 and 2 of Attene 2018: its models, and what stands for them here.
ANALOGUES = [
    ("Klein bottle", "klein_bottle", "its own parametrisation"),
    ("20 random triangles", "random_triangles/count=20", "its own draw"),
    ("Princeton lamp", "lamp", "sheets and tubes that cross"),
    ("Darth Vader, Hagia Sophia", "boxes", "300 intersecting boxes"),
    ("Figure 5, mismatched sphere", "sphere_patches", "slits wider than the wall"),
]


def read_run(folder):
    """run.json; of a run that did not end, the cases that its journal holds."""
    path = pathlib.Path(folder, "run.json")
    if path.exists():
        return json.loads(path.read_text(encoding="utf-8"))
    lines = pathlib.Path(folder, "journal.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [line for line in map(json.loads, lines) if "id" in line]
    return {"system": {"version": "run not ended"}, "cases": cases}


NOT_RUN = {"status": "not run", "measurements": [], "checks": []}


def measured(case, metric):
    """The value of a metric, or None."""
    return next((m["value"] for m in case["measurements"] if m["metric"] == metric), None)


def number(value, digits):
    return "–" if value is None else f"{value:.{digits}f}"


def score(case):
    if case["status"] != "ok":
        return case["status"].replace("_", " ")
    value = measured(case, "repair.score")
    return "–" if value is None else f"{value:.0f}"


def passes(case):
    return bool(case["checks"]) and all(check["verdict"] == "pass" for check in case["checks"])


def row(cells):
    print("| " + " | ".join(cells) + " |")


def main():
    folder, names = sys.argv[1], sys.argv[2:]
    runs = {}
    for name in names:
        runs[name] = read_run(f"{folder}/{name}")
    cases = {name: {case["id"]: case for case in run["cases"]} for name, run in runs.items()}
    ids = list(cases[names[0]])

    row(["system", "version", "cases passed", "score 5 or 4", "3", "2", "1", "no file"])
    row(["---"] * 8)
    for name, run in runs.items():
        scores = [score(case) for case in run["cases"]]
        row(
            [name, run["system"]["version"].split("(")[0].strip(), f"{sum(map(passes, run['cases']))} of {len(run['cases'])}"]
            + [str(sum(s in want for s in scores)) for want in ("54", "3", "2", "1")]
            + [str(sum(not s.isdigit() for s in scores))]
        )

    print("\nT triangles, I intersecting triangles, D largest distance in mm from the repaired mesh to the given one's hull, score.\n")
    row(["the paper's model", "here"] + [f"{name}: T / I / D / score" for name in names])
    row(["---"] * (2 + len(names)))
    for model, case_id, remark in ANALOGUES:
        cells = [model, f"`{case_id}` ({remark}; *not the paper's model*)"]
        for name in names:
            case = cases[name].get(case_id, NOT_RUN)
            cells.append(
                " / ".join(
                    [
                        number(measured(case, "mesh.triangles"), 0),
                        number(measured(case, "mesh.intersecting_triangles"), 0),
                        number(measured(case, "repair.repaired_to_input"), 2),
                        score(case),
                    ]
                )
            )
        row(cells)

    print("\nThe score of every case; **bold**: every check of the case passed (parts and volume too).\n")
    row(["case"] + names)
    row(["---"] * (1 + len(names)))
    for case_id in ids:
        found = [cases[name].get(case_id, NOT_RUN) for name in names]
        row([f"`{case_id}`"] + [f"**{score(case)}**" if passes(case) else score(case) for case in found])


if __name__ == "__main__":
    main()
