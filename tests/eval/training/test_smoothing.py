from __future__ import annotations

from typing import Any

import pytest
import torch

from eval.training.smoothing import Smoothed, smooth


class Encoder(torch.nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.query = torch.nn.Linear(8, 8)
        self.output = torch.nn.Module()
        self.output.dense = torch.nn.Linear(8, 4)

    def forward(self, state: Any) -> Any:
        return self.output.dense(self.query(state))


class Network(torch.nn.Module):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()


@pytest.fixture
def outliers() -> Any:
    torch.manual_seed(1)
    return torch.randn(50, 8) * torch.tensor([1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 60.0])


def test_smoothing_changes_no_output(outliers: Any) -> None:
    network = Network()
    before = network.encoder(outliers)

    smooth(network, lambda: network.encoder(outliers))

    assert isinstance(network.encoder.query, Smoothed)
    assert torch.allclose(network.encoder(outliers), before, atol=1e-4)


def test_smoothing_brings_the_channels_closer_together(outliers: Any) -> None:
    network = Network()
    smooth(network, lambda: network.encoder(outliers))

    def spread(state: Any) -> float:
        largest = state.abs().amax(0)
        return float(largest.max() / largest.median())

    assert spread(outliers * network.encoder.query.inverse) < spread(outliers) / 3


def test_the_layer_behind_the_activation_function_stays(outliers: Any) -> None:
    network = Network()
    smooth(network, lambda: network.encoder(outliers))

    assert not isinstance(network.encoder.output.dense, Smoothed)
