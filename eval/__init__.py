"""The evaluation: cases, sets, metrics, runs, the gate, training, speed and the crash test."""
