"""The reader's and the checker's networks in torch, and the names of their inputs and outputs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from transformers import AutoModel
from transformers.utils import logging

WIDTH = 384


def encoder(source: Path, *, frozen_layers: int = 0) -> Any:
    """The pretrained encoder; its word vectors stay as they are, for they are what it knows of rare words.

    With its lowest layers frozen too, a step takes a tenth less time for each of them.
    """
    # The pooler is left out on purpose; the report of it would look like a fault.
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    # On a processor a step takes a seventh less time with plain products than with the fused attention.
    model = AutoModel.from_pretrained(
        str(source),
        attn_implementation="sdpa" if torch.cuda.is_available() else "eager",
        attention_probs_dropout_prob=0.0,
        add_pooling_layer=False,
    )
    model.embeddings.word_embeddings.weight.requires_grad_(False)
    if frozen_layers:
        model.embeddings.requires_grad_(False)
        model.encoder.layer[:frozen_layers].requires_grad_(False)
    return model


def _head(inputs: int, outputs: int) -> Any:
    return torch.nn.Sequential(
        torch.nn.Linear(inputs, WIDTH), torch.nn.GELU(), torch.nn.Dropout(0.1), torch.nn.Linear(WIDTH, outputs)
    )


class ReaderNetwork(torch.nn.Module):  # type: ignore[misc]  # torch is read without its types
    """Token rows to one logit a sentence, one for "nothing here answers", and a start and an end logit a token.

    A sentence is the mean of its tokens beside [CLS]; added to the head's first layer are the tokens that the network
    thinks matter (a mean with learnt weights) and the product of the sentence's and the question's means.
    """

    outputs = ("sentences", "nothing", "starts", "ends")

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        self.encoder = encoder
        self.sentence_head = _head(2 * WIDTH, 1)
        self.matter_head = torch.nn.Linear(WIDTH, 1)
        self.more_head = torch.nn.Linear(2 * WIDTH, WIDTH, bias=False)
        # From nought, so that weights that were trained without it go on as they were.
        torch.nn.init.zeros_(self.more_head.weight)
        self.nothing_head = _head(WIDTH, 1)
        self.span_head = torch.nn.Linear(WIDTH, 2)

    def forward(
        self, input_ids: Any, attention_mask: Any, token_type_ids: Any, sentence_weights: Any
    ) -> tuple[Any, Any, Any, Any]:
        """Logits of shape (rows, sentences), (rows,), (rows, tokens) and (rows, tokens)."""
        tokens = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state.float()
        # In bfloat16 a logit would have three digits, and scores of one question would tie.
        with torch.autocast(tokens.device.type, enabled=False):
            spans = self.span_head(tokens)
            asked = (attention_mask - token_type_ids).float()[:, None]
            sentences = self._sentences(tokens, sentence_weights, asked)
            return sentences, self.nothing_head(tokens[:, 0]).squeeze(-1), spans[..., 0], spans[..., 1]

    def _sentences(self, tokens: Any, weights: Any, asked: Any) -> Any:
        means = torch.matmul(weights, tokens)
        beside = tokens[:, :1].expand(-1, means.shape[1], -1)
        matter = torch.exp(self.matter_head(tokens).clamp(-8, 8))
        # The weights' common factor of a sentence cancels.
        chosen = torch.matmul(weights, tokens * matter) / (torch.matmul(weights, matter) + 1e-6)
        question = torch.matmul(asked, tokens) / asked.sum(-1, keepdim=True)
        first, *rest = self.sentence_head
        state = first(torch.cat([means, beside], -1)) + self.more_head(torch.cat([chosen, means * question], -1))
        for layer in rest:
            state = layer(state)
        return state.squeeze(-1)


class CheckerNetwork(torch.nn.Module):  # type: ignore[misc]
    """Token rows to one logit: all of the claim is supported."""

    outputs = ("supported",)

    def __init__(self, encoder: Any) -> None:
        super().__init__()
        self.encoder = encoder
        self.claim_head = _head(5 * WIDTH, 1)

    def forward(
        self, input_ids: Any, attention_mask: Any, token_type_ids: Any, claim_weights: Any, evidence_weights: Any
    ) -> Any:
        """Logits of shape (rows,); the weights are of shape (rows, tokens)."""
        tokens = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state.float()
        with torch.autocast(tokens.device.type, enabled=False):
            claim = torch.matmul(claim_weights[:, None], tokens)[:, 0]
            evidence = torch.matmul(evidence_weights[:, None], tokens)[:, 0]
            # One wrong detail is enough: the largest value over the claim's words keeps what a mean would thin out.
            most = tokens.masked_fill((claim_weights == 0)[..., None], -20.0).max(1).values
            seen = torch.cat([tokens[:, 0], claim, evidence, (claim - evidence).abs(), most], -1)
            return self.claim_head(seen).squeeze(-1)


def begin_from(network: Any, weights: Mapping[str, Any]) -> None:
    """Take over every weight that the network has, too: a reader's encoder for a checker, older heads for newer."""
    mine = network.state_dict()
    kept = {name: value for name, value in weights.items() if name in mine and mine[name].shape == value.shape}
    network.load_state_dict(kept, strict=False)
