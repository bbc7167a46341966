#!/usr/bin/env python3
"""Counts, adds and multiplies MNIST digits with every cell, and writes docs/mnist.md.

A run that is finished is kept, one that was interrupted goes on. Only the standard library is needed;
`make mnist` has to have brought the digits.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent

OPERATIONS = ["sum", "count", "product"]
ADDING = ["perfect", "counter", "nau-rounded", "nau", "nac", "nalu", "linear", "lstm", "gru", "rnn"]
CELLS = {
    "sum": ADDING,
    "count": ADDING,
    "product": ["perfect", "counter", "nmu-rounded", "nmu", "nac-mul", "nalu", "linear", "lstm", "gru", "rnn"],
}
"""The cells of each operation: the reference first, by which the others are judged."""

LENGTHS = {"sum": [1, 10, 100, 1000], "count": [1, 10, 100, 1000], "product": [1, 2, 5, 10, 20, 40]}
"""The lengths that are tested; the second is that of the training."""

NAMES = {
    "perfect": "perfect (the reference)", "counter": "counter (ours)", "nau-rounded": "NAU, rounded (ours)", "nau": "NAU",
    "nac": "NAC", "nalu": "NALU", "nmu-rounded": "NMU, rounded (ours)", "nmu": "NMU", "nac-mul": "multiplying NAC",
    "linear": "linear", "lstm": "LSTM", "gru": "GRU", "rnn": "RNN",
}

PAGE = """# Counting, adding and multiplying MNIST digits

Written by `make results-mnist`; not to be edited by hand.

A convnet reads each digit, a recurrent cell counts the digits of each class, adds or multiplies them, and
both learn together from nothing but the answers to sequences of ten (Trask et al. 2018, §4.3), or of two for
products, for which there are no zeros (Madsen & Johansen 2020, §4.2). {train:,} images are trained on and
{test:,} others are tested on, zeros included; the sequences of a test are drawn from these with replacement
and are the same for every seed and cell. Seeds 1 to {seeds}, {steps:,} updates of eighty digits each.

A seed is *solved* at a length if its squared error is below the upper end of the one-sided 99 % interval of
the mean over seeds of a network whose arithmetic is perfect and whose convnet is the same (Madsen &
Johansen 2020, appendix D.1). With ten seeds that end is 0.9 standard deviations above the mean, so that of
such networks themselves one or two in ten are not solved: more than eight or nine of ten are chance. Errors
are medians over seeds: absolute for each output, or for products relative, and the share of sequences with
every output right when rounded.

{tables}"""

TABLE = """## {title}

{head}
{rows}
"""

TITLES = {"sum": "Sums", "count": "Counts of ten classes", "product": "Products"}


def folder_of(operation, cell, runs):
    """Gives the folder of an experiment, wherever it was when the experiment ran."""
    return runs / f"mnist-{operation}-{cell}"


def command_of(program, operation, cell, runs, seeds):
    """Gives the command that runs the experiment in its folder, or goes on with it."""
    folder = folder_of(operation, cell, runs)
    if (folder / "config.json").exists():
        return folder, [program, "numeracy", "mnist", "--resume", folder, "--seeds", seeds]
    command = [program, "numeracy", "mnist", "--op", operation, "--cell", cell, "--runs", runs, "--name", folder.name,
               "--seeds", seeds]
    if cell != "perfect":
        command += ["--reference", folder_of(operation, "perfect", runs)]
    return folder, command


def finished(folder):
    """Counts the seeds of a run that are done."""
    return len((folder / "seeds.jsonl").read_text().splitlines())


def seconds(folder):
    """Gives the seconds of work on a run, over all processes."""
    return json.loads((folder / "metrics.jsonl").read_text().splitlines()[-1])["seconds"]


def document_of(program, operation, cell, runs, seeds, more, only_finished):
    """Gives the results of one experiment, run where they are not there or have fewer seeds; or None."""
    folder, command = command_of(program, operation, cell, runs, seeds)
    results = folder / "results.json"
    if results.exists():
        document = json.loads(results.read_text())
        if finished(folder) >= seeds:
            return document
    if only_finished:
        return None
    print(folder.name, file=sys.stderr)
    done = subprocess.run([str(word) for word in command + more] + ["--json"], stdout=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        sys.exit(f"{folder.name}: exit status {done.returncode}")
    return json.loads(results.read_text())


def shown(median):
    """Writes a median with three digits."""
    if median is None or median["median"] is None:
        return "–"
    value = median["median"]
    return f"{value:.1e}" if value >= 1e5 else f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def head(operation):
    """Writes the first two lines of a table."""
    first, *between, last = LENGTHS[operation]
    trained = between[0]
    cells = [
        "cell", f"solved at {last:,}", "95 % interval", *(f"at {length:,}" for length in between),
        f"error at {first}", *(f"at {length:,}" for length in [*between, last]), f"all right at {first}", f"at {trained}",
        "farthest weight", "seconds a seed",
    ]
    return f"| {' | '.join(cells)} |\n|{'---|' * len(cells)}"


def row(operation, cell, document, folder):
    """Writes a line of the table."""
    first, *between, longest = LENGTHS[operation]
    error = "relative" if operation == "product" else "mae"
    lengths = {entry["length"]: entry for entry in document["summary"]["lengths"]}

    def solved(length):
        rate = lengths[length]["solved"]
        return f"{rate['solved']} of {rate['seeds']}" if rate else "–"

    last = lengths[longest]["solved"]
    interval = f"{100 * last['ci95'][0]:.0f}–{100 * last['ci95'][1]:.0f} %" if last else "–"
    exact = [lengths[length]["exact"] for length in (first, between[0])]
    cells = [
        NAMES[cell], solved(longest), interval, *(solved(length) for length in between),
        *(shown(lengths[length][error]) for length in LENGTHS[operation]),
        *("–" if share is None else f"{100 * share['median']:.1f} %" for share in exact),
        shown(document["summary"]["sparsity_error"]),
        f"{seconds(folder) / finished(folder):.0f}",
    ]
    return "| " + " | ".join(cells) + " |"


def page(documents, runs):
    """Writes the page of all documents, by operation and cell, of the experiments in the folder `runs`."""
    config = documents["sum", "perfect"]["config"]
    tables = []
    for operation in OPERATIONS:
        found = [cell for cell in CELLS[operation] if (operation, cell) in documents]
        rows = [row(operation, cell, documents[operation, cell], folder_of(operation, cell, runs)) for cell in found]
        if rows:
            tables.append(TABLE.format(title=TITLES[operation], head=head(operation), rows="\n".join(rows)))
    facts = {name: config[name] for name in ("seeds", "steps")}
    return PAGE.format(**facts, train=config["digits"]["train"], test=config["digits"]["test"], tables="\n".join(tables))


def main():
    """Runs the command."""
    parser = argparse.ArgumentParser(description="Counts, adds and multiplies MNIST digits, and writes docs/mnist.md.")
    parser.add_argument("--program", type=Path, default=PROJECT / "target" / "release" / "gridworld")
    parser.add_argument("--runs", type=Path, default=PROJECT / "runs" / "mnist")
    parser.add_argument("--page", type=Path, default=PROJECT / "docs" / "mnist.md")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--finished", action="store_true", help="run nothing, and write the page of what is finished")
    options, more = parser.parse_known_args()
    documents = {}
    for cells in zip(*(CELLS[operation] for operation in OPERATIONS), strict=True):
        for operation, cell in zip(OPERATIONS, cells, strict=True):
            document = document_of(options.program, operation, cell, options.runs, options.seeds, more, options.finished)
            if document is not None:
                documents[operation, cell] = document
    rowed = {operation for operation, _ in documents} | {"sum"}
    missing = [f"{operation} perfect" for operation in sorted(rowed) if (operation, "perfect") not in documents]
    if missing:
        sys.exit(f"error: there is no reference to write a page of: {' and '.join(missing)}")
    partial = options.page.with_suffix(".partial")
    partial.write_text(page(documents, options.runs))
    partial.rename(options.page)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
