"""Prints what TensorBoard's own reader finds in a run folder, as one JSON document."""

import json
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator


def read(folder):
    """Every scalar tag of the folder's event files with its steps and values."""
    # 0 keeps every event; the default is a sample of them.
    accumulator = EventAccumulator(folder, size_guidance={"scalars": 0})
    accumulator.Reload()
    tags = {}
    for tag in accumulator.Tags()["scalars"]:
        events = accumulator.Scalars(tag)
        tags[tag] = {
            "count": len(events),
            "first_step": events[0].step,
            "last_step": events[-1].step,
            "last_value": events[-1].value,
            "steps": [event.step for event in events],
            "values": [event.value for event in events],
        }
    return {"tags": tags}


if __name__ == "__main__":
    json.dump(read(sys.argv[1]), sys.stdout)
