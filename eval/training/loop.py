"""The training loop of both models: resumable, with averaged weights, ended by its time or by the development half."""

from __future__ import annotations

import copy
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

import torch

Say = Callable[[str], None]
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How to train. Rates fall in a line with the time (or the steps, where `steps` is given) to `floor` of them.

    `average` is by how much the averaged weights, which are the ones that are kept, stay what they were in a step.
    """

    minutes: float
    seed: int = 1
    steps: int | None = None
    learning_rate: float = 1e-4
    head_rate: float = 5e-4
    floor: float = 0.05
    frozen_layers: int = 0
    warm_up_steps: int = 100
    weight_decay: float = 0.01
    average: float = 0.997
    evaluate_every_minutes: float = 8.0
    patience: int = 4


class Trainer:
    """Trains one network; `folder` holds `last.pt` (to go on from), `best.pt` (averaged weights) and `curve.json`."""

    def __init__(self, network: Any, plan: Plan, folder: Path, say: Say) -> None:
        self.plan, self.folder, self.say = plan, folder, say
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.network = network.to(self.device)
        self.averaged = copy.deepcopy(self.network).eval()
        self.round, self.step, self.seconds = 0, 0, 0.0
        self.curve: list[dict[str, float]] = []
        heads = [p for name, p in network.named_parameters() if not name.startswith("encoder.")]
        body = [p for name, p in network.named_parameters() if name.startswith("encoder.") and p.requires_grad]
        self._optimizer = torch.optim.AdamW(
            [{"params": body, "rate": plan.learning_rate}, {"params": heads, "rate": plan.head_rate}],
            lr=plan.learning_rate,
            weight_decay=plan.weight_decay,
        )
        self.low_precision = torch.autocast(
            self.device.type, dtype=torch.bfloat16, enabled=self.device.type == "cuda" or has_bfloat16()
        )
        folder.mkdir(parents=True, exist_ok=True)

    def run(
        self,
        rounds: Callable[[int], Sequence[T]],
        loss_of: Callable[[Any, T, Any], Any],
        evaluate: Callable[[Any], Mapping[str, float]],
        goal: Callable[[Mapping[str, float]], float],
    ) -> None:
        """Train until the plan's end, or until the goal has not risen for `patience` evaluations."""
        torch.manual_seed(self.plan.seed + self.round)
        last_evaluation, lost, counted = self.seconds, 0.0, 0
        while self._progress() < 1:
            began = time.monotonic()
            for batch in rounds(self.round):
                lost += self._stepped(loss_of, batch)
                counted += 1
                if self._progress(time.monotonic() - began) >= 1:
                    break
            self.round += 1
            self.seconds += time.monotonic() - began
            if self.seconds - last_evaluation > self.plan.evaluate_every_minutes * 60 or self._progress() >= 1:
                self._evaluated(evaluate, goal, lost / max(1, counted))
                last_evaluation, lost, counted = self.seconds, 0.0, 0
                self._save()
                if self._is_tired():
                    self.say("the development half has not got better: stopping early")
                    return

    def resume(self) -> bool:
        """Go on from `last.pt`; whether there was one."""
        file = self.folder / "last.pt"
        if not file.exists():
            return False
        state = torch.load(file, map_location=self.device, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.averaged.load_state_dict(state["averaged"])
        self._optimizer.load_state_dict(state["optimizer"])
        self.round, self.step, self.seconds = state["round"], state["step"], state["seconds"]
        self.curve = json.loads((self.folder / "curve.json").read_text(encoding="utf-8"))["points"]
        return True

    def best(self) -> Any:
        """The averaged network as it was when the goal was highest."""
        self.averaged.load_state_dict(torch.load(self.folder / "best.pt", map_location=self.device, weights_only=True))
        return self.averaged.eval()

    def _progress(self, more_seconds: float = 0.0) -> float:
        if self.plan.steps is not None:
            return self.step / self.plan.steps
        return (self.seconds + more_seconds) / (self.plan.minutes * 60)

    def _stepped(self, loss_of: Callable[[Any, T, Any], Any], batch: T) -> float:
        warm = min(1.0, (self.step + 1) / self.plan.warm_up_steps)
        share = warm * (self.plan.floor + (1 - self.plan.floor) * max(0.0, 1 - self._progress()))
        for group in self._optimizer.param_groups:
            group["lr"] = group["rate"] * share
        self.network.train()
        with self.low_precision:
            loss = loss_of(self.network, batch, self.device)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for g in self._optimizer.param_groups for p in g["params"]], 1.0)
        self._optimizer.step()
        self.step += 1
        self._average()
        return float(loss.detach())

    def _average(self) -> None:
        # The first steps count little: an average that began with untrained heads would keep them for long.
        keep = min(self.plan.average, (self.step + 1) / (self.step + 10))
        with torch.no_grad():
            mine = [p for p in self.averaged.parameters() if p.requires_grad]
            theirs = [p for p in self.network.parameters() if p.requires_grad]
            torch._foreach_lerp_(mine, theirs, 1 - keep)

    def _evaluated(
        self, evaluate: Callable[[Any], Mapping[str, float]], goal: Callable[[Mapping[str, float]], float], loss: float
    ) -> None:
        with torch.no_grad(), self.low_precision:
            figures = dict(evaluate(self.averaged))
        reached = goal(figures)
        best = max((point["goal"] for point in self.curve), default=float("-inf"))
        point = {"minutes": round(self.seconds / 60, 1), "steps": self.step, "loss": loss, "goal": reached, **figures}
        self.curve.append({name: round(value, 4) for name, value in point.items()})
        self.say(json.dumps(self.curve[-1]))
        if reached > best:
            _write(self.averaged.state_dict(), self.folder / "best.pt")
        text = json.dumps({"plan": asdict(self.plan), "points": self.curve}, indent=1)
        (self.folder / "curve.json").write_text(text + "\n", encoding="utf-8")

    def _is_tired(self) -> bool:
        goals = [point["goal"] for point in self.curve]
        return len(goals) > self.plan.patience and max(goals[-self.plan.patience :]) <= max(
            goals[: -self.plan.patience]
        )

    def _save(self) -> None:
        state = {
            "network": self.network.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimizer": self._optimizer.state_dict(),
            "round": self.round,
            "step": self.step,
            "seconds": self.seconds,
        }
        _write(state, self.folder / "last.pt")


def has_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 in hardware; where it does not, float32 is faster."""
    return bool(torch.backends.cpu.get_cpu_capability().startswith("AVX512")) and "avx512_bf16" in _processor_flags()


def _processor_flags() -> str:
    file = Path("/proc/cpuinfo")
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _write(state: Any, file: Path) -> None:
    """A kill in the middle leaves the old file."""
    torch.save(state, file.with_suffix(".new"))
    file.with_suffix(".new").replace(file)
