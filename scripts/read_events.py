"""Prints what TensorBoard's own reader finds in a run folder, as one JSON document."""

import hashlib
import json
import sys

from google.protobuf.json_format import MessageToDict
from tensorboard.backend.event_processing import plugin_event_accumulator
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.custom_scalar import layout_pb2
from tensorboard.plugins.hparams import plugin_data_pb2
from tensorboard.util import tensor_util

# 0 keeps every event; the default is a sample of them.
EVERYTHING = {"scalars": 0, "tensors": 0, "images": 0, "histograms": 0}


def scalars(accumulator):
    """Reads every scalar tag with its steps and values."""
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
    return tags


def descriptions(accumulator):
    """The description of every scalar tag, as TensorBoard shows it beside the curve."""
    tags = accumulator.PluginTagToContent("scalars") if has(accumulator, "scalars") else []
    return {tag: accumulator.SummaryMetadata(tag).summary_description for tag in tags}


def images(accumulator):
    """Describes every picture: its step, its size as it was written down, its format, and the checksum of its bytes."""
    def describe(event):
        data = event.encoded_image_string
        return {
            "step": event.step,
            "width": event.width,
            "height": event.height,
            "format": "gif" if data.startswith(b"GIF89a") else "png" if data.startswith(b"\x89PNG") else "?",
            "bytes": len(data),
            "sha256": hashlib.sha256(data).hexdigest(),
        }

    return {tag: [describe(event) for event in accumulator.Images(tag)] for tag in accumulator.Tags()["images"]}


def histograms(accumulator):
    """Describes every histogram: its step, its least and greatest number, and the counts of numbers."""
    def describe(event):
        numbers = event.histogram_value
        return {
            "step": event.step,
            "count": numbers.num,
            "min": numbers.min,
            "max": numbers.max,
            "bars": sum(numbers.bucket),
        }

    return {tag: [describe(event) for event in accumulator.Histograms(tag)] for tag in accumulator.Tags()["distributions"]}


def texts(accumulator):
    """Reads every text with its step."""
    def words(event):
        return "".join(part.decode() for part in tensor_util.make_ndarray(event.tensor_proto).ravel())

    tags = accumulator.PluginTagToContent("text") if has(accumulator, "text") else []
    return {tag: [{"step": event.step, "text": words(event)} for event in accumulator.Tensors(tag)] for tag in tags}


def has(accumulator, plugin):
    try:
        return bool(accumulator.PluginTagToContent(plugin))
    except KeyError:
        return False


def hyperparameters(accumulator):
    """Gives the contents of the plugin of hyperparameters, by tag, and the steps at which each was written."""
    found = {}
    if has(accumulator, "hparams"):
        for tag, content in accumulator.PluginTagToContent("hparams").items():
            data = plugin_data_pb2.HParamsPluginData.FromString(content)
            found[tag] = MessageToDict(data, preserving_proto_field_name=True)
            found[tag]["events"] = [event.step for event in accumulator.Tensors(tag)]
    return found


def layout(accumulator):
    """Gives the layout of the custom scalars, and the number of times that it was written."""
    if not has(accumulator, "custom_scalars"):
        return None
    (tag,) = accumulator.PluginTagToContent("custom_scalars")
    events = accumulator.Tensors(tag)
    (text,) = tensor_util.make_ndarray(events[0].tensor_proto).ravel()
    found = MessageToDict(layout_pb2.Layout.FromString(text))
    found["events"] = len(events)
    return found


def read(folder):
    """Reads everything in the folder's event files."""
    accumulator = EventAccumulator(folder, size_guidance=EVERYTHING)
    accumulator.Reload()
    # What plugins read is in tensors. The reader above keeps those that a resumption took back; this one is TensorBoard's
    # own, and does not.
    plugins = plugin_event_accumulator.EventAccumulator(folder, size_guidance=EVERYTHING)
    plugins.Reload()
    return {
        "tags": scalars(accumulator),
        "descriptions": descriptions(plugins),
        "images": images(accumulator),
        "histograms": histograms(accumulator),
        "texts": texts(plugins),
        "hyperparameters": hyperparameters(plugins),
        "layout": layout(plugins),
    }


if __name__ == "__main__":
    json.dump(read(sys.argv[1]), sys.stdout)
