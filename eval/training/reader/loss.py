"""What the reader is trained to do, as one number to make small."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import functional

from eval.training.batches import Batch
from eval.training.reader.torch_reader import on_device

SENTENCE_WEIGHT, TOGETHER_WEIGHT, REMOVED_WEIGHT, SPAN_WEIGHT = 2.0, 0.5, 0.5, 0.25
_NEVER = -1e4


def reader_loss(network: Any, batch: Batch, device: Any) -> Any:
    """Mean over rows of five parts.

    A softmax over a window's sentences and "nothing" (several right ones allowed), the binary cross-entropy of each
    sentence, a softmax over the sentences of a question's windows together, the softplus by which a window without its
    answer scores above the same with it, and the softmax of an answer's first and last token in its sentence.
    """
    feed = on_device(batch.feed, device)
    right, known = (torch.from_numpy(value).to(device) for value in (batch.right, batch.known))
    weights = torch.from_numpy(batch.weights).to(device)
    sentences, nothing, starts, ends = network(**feed)
    seen = sentences.masked_fill(~known, _NEVER)
    goal = sentences.masked_fill(~(right & known), _NEVER)
    has = (right & known).any(1)
    everything = torch.logsumexp(torch.cat([seen, nothing[:, None]], 1), 1)
    wanted = torch.where(has, torch.logsumexp(goal, 1), nothing)
    chosen = ((everything - wanted) * weights).mean()
    each = functional.binary_cross_entropy_with_logits(sentences, right.float(), reduction="none") * known
    loss = chosen + SENTENCE_WEIGHT * ((each.sum(1) / known.sum(1).clamp(min=1)) * weights).mean()
    rows = len(weights)
    for own in batch.together:
        found = list(own)
        loss = loss + TOGETHER_WEIGHT / rows * (seen[found].logsumexp((0, 1)) - goal[found].logsumexp((0, 1)))
    for whole, without in batch.removed:
        gap = seen[without].logsumexp(0) - goal[whole].logsumexp(0)
        loss = loss + REMOVED_WEIGHT / rows * functional.softplus(gap)
    for row, first, past_last, start, end in batch.spans:
        for logits, place in ((starts, start), (ends, end)):
            part = logits[row, first:past_last]
            loss = loss + SPAN_WEIGHT / rows * (part.logsumexp(0) - part[place - first])
    return loss
